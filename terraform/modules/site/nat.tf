# With management = "nat": the hosts reach Systems Manager, apt, snap and S3 by one NAT gateway, which takes one
# Elastic IP for the whole site. It stands in the outside subnet, which has the way to the Internet. Endpoints of AWS's
# own services would not do in its place: apt's and snap's servers are elsewhere.
locals {
  has_nat = var.management == "nat"
}

resource "aws_eip" "nat" {
  count = local.has_nat ? 1 : 0

  domain = "vpc"
  tags   = { Name = "${var.name}-nat" }

  depends_on = [aws_internet_gateway.site]
}

resource "aws_nat_gateway" "management" {
  count = local.has_nat ? 1 : 0

  allocation_id = aws_eip.nat[0].id
  subnet_id     = aws_subnet.site["outside"].id
  tags          = { Name = var.name }

  # Without a route to the Internet the gateway fails.
  depends_on = [aws_route.internet, aws_route_table_association.site["outside"]]
}

resource "aws_route_table" "nat" {
  count = local.has_nat ? 1 : 0

  vpc_id = aws_vpc.site.id
  tags   = { Name = "${var.name}-management" }
}

resource "aws_route" "nat" {
  count = local.has_nat ? 1 : 0

  route_table_id         = aws_route_table.nat[0].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.management[0].id
}
