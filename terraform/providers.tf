# The home region: functions, state machine, and what belongs to them. The hosts' regions are in regions.tf.
provider "aws" {
  region = var.home_region

  default_tags {
    tags = var.tags
  }
}
