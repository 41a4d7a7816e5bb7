# The clusters' region; all that belongs to the deployment is there.
provider "aws" {
  region = var.home_region

  default_tags {
    tags = var.tags
  }
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
