# What an address may be; the functions have the same rules.
locals {
  # Four numbers without leading zeros.
  ipv4 = "(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

  # "This network", the host itself, multicast and reserved addresses (RFC 6890) belong to nobody.
  nobody = "^(?:0|127|22[4-9]|2[3-5][0-9])\\."
  # The metadata service's network is taken on every instance.
  no_router = "${local.nobody}|^169\\.254\\.169\\."
  no_host   = "${local.nobody}|^169\\.254\\."

  # Which tunnel has a network, and which router has a loopback.
  tunnel_in = merge(flatten([
    for tunnel in var.topology.tunnels : [for end in tunnel.ends : { (cidrhost(end.address, 0)) = tunnel.name } if can(cidrhost(end.address, 0))]
  ])...)
  router_of_loopback = merge([for name, router in var.topology.routers : { (trimsuffix(router.loopback, "/32")) = name }]...)
}
