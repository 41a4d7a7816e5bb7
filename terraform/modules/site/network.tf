resource "aws_vpc" "site" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_internet_gateway" "site" {
  vpc_id = aws_vpc.site.id
  tags   = { Name = var.name }
}

# All in one zone: the interfaces of an instance can't be spread over several.
resource "aws_subnet" "site" {
  for_each = { management = 0, outside = 1, inside = 2 }

  vpc_id            = aws_vpc.site.id
  availability_zone = var.availability_zone
  cidr_block        = cidrsubnet(var.vpc_cidr, 2, each.value)
  tags              = { Name = "${var.name}-${each.key}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.site.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.site.id
}

# The inside subnet keeps the VPC's main table, which has no way out.
resource "aws_route_table_association" "site" {
  for_each = {
    management = one(concat(aws_route_table.nat[*].id, local.has_nat ? [] : [aws_route_table.public.id]))
    outside    = aws_route_table.public.id
  }

  route_table_id = each.value
  subnet_id      = aws_subnet.site[each.key].id
}

moved {
  from = aws_route_table_association.public
  to   = aws_route_table_association.site
}
