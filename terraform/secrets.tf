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

resource "aws_ssm_parameter" "secret_virginia" {
  provider = aws.virginia
  for_each = local.secret_names_in["us-east-1"]

  name             = "/sdwan-secrets/${each.key}"
  type             = "SecureString"
  value_wo         = local.secrets[each.key]
  value_wo_version = var.secrets_version
}

resource "aws_ssm_parameter" "secret_frankfurt" {
  provider = aws.frankfurt
  for_each = local.secret_names_in["eu-central-1"]

  name             = "/sdwan-secrets/${each.key}"
  type             = "SecureString"
  value_wo         = local.secrets[each.key]
  value_wo_version = var.secrets_version
}
