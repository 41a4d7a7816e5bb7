# As in the root's regions.tf, which has providers too.
locals {
  region_sites = { "us-east-1" = {}, "eu-central-1" = {} }
}
