# The hosts in us-east-1. Made by scripts/regions: change it there.

module "virginia" {
  source    = "./modules/site"
  providers = { aws = aws.virginia }
  count     = local.create_hosts && length(local.routers_in["us-east-1"]) > 0 ? 1 : 0

  name    = var.name
  routers = { for name in local.routers_in["us-east-1"] : name => local.peers[name] }

  availability_zone = local.sites["us-east-1"].availability_zone
  vpc_cidr          = local.sites["us-east-1"].vpc_cidr
  ami_id            = local.sites["us-east-1"].ami_id
  instance_type     = var.instance_type
  root_volume_gib   = var.root_volume_gib
  management        = var.management
  outside_open      = var.outside_open
  instance_profile  = aws_iam_instance_profile.host["us-east-1"].name
}
