# Two private subnets in two zones. Nothing leads to the Internet: S3 is reached through a gateway, EFS in its subnet, and
# Lambda takes logs and events itself.

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  subnets   = { a = "10.0.1.0/24", b = "10.0.2.0/24" }
  zones     = { for index, key in keys(local.subnets) : key => data.aws_availability_zones.usual.names[index] }
  nfs_port  = 2049
}

# Local Zones and Wavelength Zones, which an account asks for, have no EFS.
data "aws_availability_zones" "usual" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "files" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

resource "aws_subnet" "private" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.files.id
  cidr_block              = each.value
  availability_zone       = local.zones[each.key]
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route_table" "private" {
  for_each = local.subnets

  vpc_id = aws_vpc.files.id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = local.subnets

  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.files.id
  service_name      = "com.amazonaws.${var.home_region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.private : table.id]

  # Nobody's bucket but this root's.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
      Resource  = [aws_s3_bucket.files.arn, "${aws_s3_bucket.files.arn}/*"]
    }]
  })

  tags = { Name = "${var.name}-s3" }
}

resource "aws_security_group" "functions" {
  name        = "${var.name}-functions"
  description = "The functions: to the file system and to S3."
  vpc_id      = aws_vpc.files.id

  tags = { Name = "${var.name}-functions" }
}

resource "aws_security_group" "efs" {
  name        = "${var.name}-efs"
  description = "The file system: from the functions."
  vpc_id      = aws_vpc.files.id

  tags = { Name = "${var.name}-efs" }
}

resource "aws_vpc_security_group_ingress_rule" "nfs" {
  security_group_id            = aws_security_group.efs.id
  description                  = "NFS from the functions"
  ip_protocol                  = "tcp"
  from_port                    = local.nfs_port
  to_port                      = local.nfs_port
  referenced_security_group_id = aws_security_group.functions.id
}

resource "aws_vpc_security_group_egress_rule" "nfs" {
  security_group_id            = aws_security_group.functions.id
  description                  = "NFS to the file system"
  ip_protocol                  = "tcp"
  from_port                    = local.nfs_port
  to_port                      = local.nfs_port
  referenced_security_group_id = aws_security_group.efs.id
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.functions.id
  description       = "S3 through its gateway"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
}
