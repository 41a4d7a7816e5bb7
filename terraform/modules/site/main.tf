# One site: the hosts of one region, in a VPC of their own.

locals {
  # A security group holds 60 inbound rules and a card five groups. A neighbor takes two rules, and the first group
  # has one for ICMP: so it holds 29 neighbors, and each further one 30.
  neighbors_of_a_group = 30

  # Every ordered pair of a router and a neighbor, by a key that is known before anything exists. A router's first
  # group has the router's own name.
  adjacencies = var.outside_open ? {} : merge([
    for name, peers in var.routers : {
      for index, peer in peers : "${name}/${peer}" => {
        router = name
        peer   = peer
        group  = join("/", concat([name], [for number in [floor((index + 1) / local.neighbors_of_a_group)] : number + 1 if number > 0]))
      }
    }
  ]...)

  # Group => its router.
  outside_groups = merge(
    { for name in keys(var.routers) : name => name },
    { for group, routers in { for adjacency in local.adjacencies : adjacency.group => adjacency.router... } : group => routers[0] },
  )

  # What many resources need of others is collected here, once: an expression that names a resource has Terraform
  # build all of its instances and look for each among all that is planned, which for a thousand hosts takes hours.
  vpc_id              = aws_vpc.site.id
  subnet_ids          = { for use, subnet in aws_subnet.site : use => subnet.id }
  shared_group_ids    = { management = aws_security_group.management.id, inside = aws_security_group.inside.id }
  outside_group_ids   = { for key, group in aws_security_group.outside : key => group.id }
  outside_groups_of   = { for key, router in local.outside_groups : router => local.outside_group_ids[key]... }
  outside_addresses   = { for name, address in aws_eip.outside : name => address.public_ip }
  outside_private_ips = { for name, card in aws_network_interface.outside : name => card.private_ip }
  cards = {
    management = { for name, card in aws_network_interface.management : name => card.id }
    outside    = { for name, card in aws_network_interface.outside : name => card.id }
    inside     = { for name, card in aws_network_interface.inside : name => card.id }
  }
  ami_id = var.ami_id == null ? data.aws_ami.ubuntu[0].id : var.ami_id

  with_own_address = var.management == "eip" ? var.routers : {}
  groups_with_egress = merge(
    { management = local.shared_group_ids.management, inside = local.shared_group_ids.inside },
    { for key in keys(local.outside_groups) : "outside/${key}" => local.outside_group_ids[key] },
  )
  open_doors = var.outside_open ? {
    for pair in setproduct(keys(var.routers), [500, 4500]) : "${pair[0]}/${pair[1]}" => { router = pair[0], port = pair[1] }
  } : {}
}

# Looked up only where no image is given.
data "aws_ami" "ubuntu" {
  count       = var.ami_id == null ? 1 : 0
  most_recent = true
  owners      = ["099720109477"] # Canonical

  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"]
  }
}
