# The regions in which the network may have hosts. Made by scripts/regions: change it by that command.

locals {
  # What a region's site has where `sites` does not say.
  region_sites = {
    "us-east-1"    = { vpc_cidr = "10.10.0.0/16" }
    "eu-central-1" = { vpc_cidr = "10.20.0.0/16" }
  }

  created_hosts = concat(
    module.virginia[*].hosts,
    module.frankfurt[*].hosts,
  )
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"

  default_tags {
    tags = var.tags
  }
}

resource "aws_ssm_parameter" "virginia" {
  provider = aws.virginia
  for_each = local.parameters_in["us-east-1"]

  name  = "${local.param_prefix}${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_parameter" "secret_virginia" {
  provider = aws.virginia
  for_each = local.secret_names_in["us-east-1"]

  name             = "${local.secrets_prefix}${each.key}"
  type             = "SecureString"
  value_wo         = local.secrets[each.key]
  value_wo_version = var.secrets_version
}

provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"

  default_tags {
    tags = var.tags
  }
}

resource "aws_ssm_parameter" "frankfurt" {
  provider = aws.frankfurt
  for_each = local.parameters_in["eu-central-1"]

  name  = "${local.param_prefix}${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_parameter" "secret_frankfurt" {
  provider = aws.frankfurt
  for_each = local.secret_names_in["eu-central-1"]

  name             = "${local.secrets_prefix}${each.key}"
  type             = "SecureString"
  value_wo         = local.secrets[each.key]
  value_wo_version = var.secrets_version
}
