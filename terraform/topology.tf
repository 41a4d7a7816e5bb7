data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# What the other files need to know about the topology, derived from it once.
locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  routers = var.topology.routers
  regions = sort(distinct([for router in local.routers : router.region]))

  routers_in = {
    for region in keys(local.region_sites) :
    region => [for name, router in local.routers : name if router.region == region]
  }

  sites = {
    for region, usual in local.region_sites : region => {
      vpc_cidr          = try(coalesce(var.sites[region].vpc_cidr), usual.vpc_cidr)
      availability_zone = try(coalesce(var.sites[region].availability_zone), "${region}a")
      ami_id            = try(var.sites[region].ami_id, null)
    }
  }

  # Each router's neighbours; two tunnels between the same two routers name a neighbour once. Grouped in one pass:
  # looking through all tunnels for each router takes minutes with a thousand of them.
  tunnel_ends = flatten([
    for tunnel in var.topology.tunnels : [
      for end in tunnel.ends : [for other in tunnel.ends : { router = end.router, peer = other.router } if other.router != end.router]
    ]
  ])
  peers_of = { for end in local.tunnel_ends : end.router => end.peer... }
  peers    = { for name in keys(local.routers) : name => distinct(try(local.peers_of[name], [])) }

  create_hosts = length(var.existing_hosts) == 0

  # What created hosts take of each region's Elastic IPs: each router has one, and its host one more unless they all
  # share a NAT gateway's.
  elastic_ips_in = {
    for region, names in local.routers_in :
    region => local.create_hosts && length(names) > 0 ? (var.management == "nat" ? length(names) + 1 : 2 * length(names)) : 0
  }

  # Router name => instance_id, outside_eip, outside_private_ip.
  hosts = merge(concat(
    [var.existing_hosts],
    local.created_hosts,
  )...)
}
