# One site: the hosts of one region, in a VPC of their own.

locals {
  # Every ordered pair of a router and a neighbour, by a key that is known before anything exists.
  adjacencies = merge([
    for name, peers in var.routers : {
      for peer in peers : "${name}/${peer}" => { router = name, peer = peer }
    }
  ]...)
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
