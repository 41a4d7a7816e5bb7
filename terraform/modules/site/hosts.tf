resource "aws_network_interface" "management" {
  for_each = var.routers

  description     = "${each.key} management"
  subnet_id       = local.subnet_ids.management
  security_groups = [local.shared_group_ids.management]
  tags            = { Name = "${each.key}-management" }
}

# The router forwards packets that are neither from nor to its own addresses.
resource "aws_network_interface" "outside" {
  for_each = var.routers

  description       = "${each.key} outside"
  subnet_id         = local.subnet_ids.outside
  security_groups   = local.outside_groups_of[each.key]
  source_dest_check = false
  tags              = { Name = "${each.key}-outside" }
}

resource "aws_network_interface" "inside" {
  for_each = var.routers

  description       = "${each.key} inside"
  subnet_id         = local.subnet_ids.inside
  security_groups   = [local.shared_group_ids.inside]
  source_dest_check = false
  tags              = { Name = "${each.key}-inside" }
}

# An instance whose interfaces are given gets no public address by itself. An Elastic IP each
# costs about a tenth of a NAT gateway, which pays off only from eleven hosts in a site.
resource "aws_eip" "management" {
  for_each = local.with_own_address

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

  ami                  = local.ami_id
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

  # The functions of a large network may send commands to whom the second one names.
  tags = { Name = each.key, sdwan = var.name }

  # A newer Ubuntu image must not replace a working router; `terraform apply -replace` does.
  lifecycle {
    ignore_changes = [ami]
  }

  # At its first boot the host finds the way out that it registers over.
  depends_on = [terraform_data.way_out]
}

# All that a host needs to get out. Hosts that named it themselves, each all of it, would have a thousand times a
# thousand dependencies, which Terraform walks through for each of them.
resource "terraform_data" "way_out" {
  depends_on = [
    aws_eip.management,
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.site,
    aws_vpc_security_group_egress_rule.all,
  ]
}
