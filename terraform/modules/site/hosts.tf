resource "aws_network_interface" "management" {
  for_each = var.routers

  description     = "${each.key} management"
  subnet_id       = aws_subnet.site["management"].id
  security_groups = [aws_security_group.management.id]
  tags            = { Name = "${each.key}-management" }
}

# The router forwards packets that are neither from nor to its own addresses.
resource "aws_network_interface" "outside" {
  for_each = var.routers

  description       = "${each.key} outside"
  subnet_id         = aws_subnet.site["outside"].id
  security_groups   = local.outside_groups_of[each.key]
  source_dest_check = false
  tags              = { Name = "${each.key}-outside" }
}

resource "aws_network_interface" "inside" {
  for_each = var.routers

  description       = "${each.key} inside"
  subnet_id         = aws_subnet.site["inside"].id
  security_groups   = [aws_security_group.inside.id]
  source_dest_check = false
  tags              = { Name = "${each.key}-inside" }
}

# An instance whose interfaces are given gets no public address by itself. An Elastic IP each
# costs about a tenth of a NAT gateway, which pays off only from nine hosts in a site.
resource "aws_eip" "management" {
  for_each = { for name, peers in var.routers : name => peers if var.management == "eip" }

  domain            = "vpc"
  network_interface = local.cards.management[each.key]
  tags              = { Name = "${each.key}-management" }

  depends_on = [aws_internet_gateway.site]
}

resource "aws_eip" "outside" {
  for_each = var.routers

  domain            = "vpc"
  network_interface = local.cards.outside[each.key]
  tags              = { Name = "${each.key}-outside" }

  depends_on = [aws_internet_gateway.site]
}

resource "aws_instance" "router" {
  for_each = var.routers

  ami                  = var.ami_id == null ? data.aws_ami.ubuntu[0].id : var.ami_id
  instance_type        = var.instance_type
  iam_instance_profile = var.instance_profile

  network_interface {
    device_index         = 0 # ens5
    network_interface_id = local.cards.management[each.key]
  }

  network_interface {
    device_index         = 1 # ens6
    network_interface_id = local.cards.outside[each.key]
  }

  network_interface {
    device_index         = 2 # ens7
    network_interface_id = local.cards.inside[each.key]
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  root_block_device {
    encrypted   = true
    volume_size = var.root_volume_gib
    volume_type = "gp3"
  }

  tags = { Name = each.key, sdwan = each.key }

  # A newer Ubuntu image must not replace a working router; `terraform apply -replace` does.
  lifecycle {
    ignore_changes = [ami]
  }

  # At its first boot the host finds the way out that it registers over.
  depends_on = [
    aws_eip.management,
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.site,
    aws_vpc_security_group_egress_rule.all,
  ]
}
