# Systems Manager, apt, snap and S3 are all reached from inside: nothing needs to come in.
resource "aws_security_group" "management" {
  name        = "${var.name}-management"
  description = "Management interfaces: no way in, everything out"
  vpc_id      = aws_vpc.site.id
  tags        = { Name = "${var.name}-management" }
}

# A router has groups of its own, because it lets in its own neighbors only; most have one.
resource "aws_security_group" "outside" {
  for_each = local.outside_groups

  name        = "${var.name}-outside-${each.key}"
  description = "Outside of ${each.value}: IKE and ESP in UDP from its neighbours"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-outside-${each.key}" }

  # A hub that needs fewer groups gives one up: its card lets go of it first. EC2 keeps a group that a card has.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "inside" {
  name        = "${var.name}-inside"
  description = "Inside interfaces: whatever the inside subnet sends"
  vpc_id      = aws_vpc.site.id
  tags        = { Name = "${var.name}-inside" }
}

# Two interfaces of one VPC that talk by Elastic IP pass the Internet gateway,
# so the source that a neighbor sees is the Elastic IP.
resource "aws_vpc_security_group_ingress_rule" "ike" {
  for_each = local.adjacencies

  security_group_id = local.outside_group_ids[each.value.group]
  description       = "IKE from ${each.value.peer}"
  cidr_ipv4         = "${local.outside_addresses[each.value.peer]}/32"
  ip_protocol       = "udp"
  from_port         = 500
  to_port           = 500
}

resource "aws_vpc_security_group_ingress_rule" "nat_traversal" {
  for_each = local.adjacencies

  security_group_id = local.outside_group_ids[each.value.group]
  description       = "IKE and ESP behind NAT from ${each.value.peer}"
  cidr_ipv4         = "${local.outside_addresses[each.value.peer]}/32"
  ip_protocol       = "udp"
  from_port         = 4500
  to_port           = 4500
}

# A hub with more neighbors than its groups hold lets everybody knock; the key still decides who comes in.
resource "aws_vpc_security_group_ingress_rule" "outside_open" {
  for_each = local.open_doors

  security_group_id = local.outside_group_ids[each.value.router]
  description       = "UDP ${each.value.port} from anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "udp"
  from_port         = each.value.port
  to_port           = each.value.port
}

# "Fragmentation needed" comes from any router on the way. A group drops it unless it is let in, and then large
# packets vanish where small ones pass.
resource "aws_vpc_security_group_ingress_rule" "fragmentation_needed" {
  for_each = var.routers

  security_group_id = local.outside_group_ids[each.key]
  description       = "ICMP fragmentation needed"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "icmp"
  from_port         = 3 # type: destination unreachable
  to_port           = 4 # code: fragmentation needed
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  security_group_id = aws_security_group.inside.id
  description       = "The inside subnet"
  cidr_ipv4         = aws_subnet.site["inside"].cidr_block
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  for_each = local.groups_with_egress

  security_group_id = each.value
  description       = "Everything out"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
