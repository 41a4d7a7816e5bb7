# Systems Manager, apt, snap and S3 are all reached from inside: nothing needs to come in.
resource "aws_security_group" "management" {
  name        = "sdwan-management"
  description = "Management interfaces: no way in, everything out"
  vpc_id      = aws_vpc.site.id
  tags        = { Name = "sdwan-management" }
}

# One group per router, because each lets in its own neighbours only.
resource "aws_security_group" "outside" {
  for_each = var.routers

  name        = "sdwan-outside-${each.key}"
  description = "Outside of ${each.key}: IKE and ESP in UDP from its neighbours"
  vpc_id      = aws_vpc.site.id
  tags        = { Name = "sdwan-outside-${each.key}" }
}

resource "aws_security_group" "inside" {
  name        = "sdwan-inside"
  description = "Inside interfaces: whatever the inside subnet sends"
  vpc_id      = aws_vpc.site.id
  tags        = { Name = "sdwan-inside" }
}

# Two interfaces of one VPC that talk by Elastic IP pass the Internet gateway,
# so the source that a neighbour sees is the Elastic IP.
resource "aws_vpc_security_group_ingress_rule" "ike" {
  for_each = local.adjacencies

  security_group_id = aws_security_group.outside[each.value.router].id
  description       = "IKE from ${each.value.peer}"
  cidr_ipv4         = "${aws_eip.outside[each.value.peer].public_ip}/32"
  ip_protocol       = "udp"
  from_port         = 500
  to_port           = 500
}

resource "aws_vpc_security_group_ingress_rule" "nat_traversal" {
  for_each = local.adjacencies

  security_group_id = aws_security_group.outside[each.value.router].id
  description       = "IKE and ESP behind NAT from ${each.value.peer}"
  cidr_ipv4         = "${aws_eip.outside[each.value.peer].public_ip}/32"
  ip_protocol       = "udp"
  from_port         = 4500
  to_port           = 4500
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  security_group_id = aws_security_group.inside.id
  description       = "The inside subnet"
  cidr_ipv4         = aws_subnet.site["inside"].cidr_block
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  for_each = merge(
    { management = aws_security_group.management.id, inside = aws_security_group.inside.id },
    { for name in keys(var.routers) : "outside/${name}" => aws_security_group.outside[name].id },
  )

  security_group_id = each.value
  description       = "Everything out"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
