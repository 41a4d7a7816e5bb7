# Read by the hosts only, in their own region, and outside the prefix that the functions may read.
# Write-only: neither plan nor state holds a value. Raise secrets_version to write new ones.
locals {
  secrets = {
    "ubuntu-password" = var.ubuntu_password
    "vpn-psk"         = var.vpn_psk
  }
  secret_names = ["ubuntu-password", "vpn-psk"]
  secret_names_in = {
    for region, names in local.routers_in :
    region => toset(length(names) > 0 ? local.secret_names : [])
  }
}
