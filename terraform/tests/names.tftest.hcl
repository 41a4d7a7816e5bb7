# What a name, tags, a home and a region of sites may not be.

mock_provider "aws" {
  source = "./tests/mocks/virginia"
}

mock_provider "aws" {
  alias  = "virginia"
  source = "./tests/mocks/virginia"
}

mock_provider "aws" {
  alias  = "frankfurt"
  source = "./tests/mocks/frankfurt"
}

variables {
  zip_directory   = "tests/zips"
  vyos_s3_bucket  = "images"
  vyos_s3_key     = "vyos/vyos.tar.gz"
  ubuntu_password = "a long password"
  vpn_psk         = "a long shared key"
}

run "longest" {
  command = plan

  variables {
    name = join("", [for n in range(36) : "x"])
  }
}

run "one_more" {
  command = plan

  variables {
    name = join("", [for n in range(37) : "x"])
  }

  expect_failures = [var.name]
}

run "capitals" {
  command = plan

  variables {
    name = "Blue"
  }

  expect_failures = [var.name]
}

run "hyphen_at_the_end" {
  command = plan

  variables {
    name = "blue-"
  }

  expect_failures = [var.name]
}

run "where_another_network_has_its_secrets" {
  command = plan

  variables {
    name = "sdwan-secrets"
  }

  expect_failures = [var.name]
}

run "beginning_of_aws" {
  command = plan

  variables {
    name = "awsome"
  }

  expect_failures = [var.name]
}

run "prefix_among_another_networks_secrets" {
  command = plan

  variables {
    ssm_param_prefix = "/green-secrets/"
  }

  expect_failures = [var.ssm_param_prefix]
}

run "tag_by_which_hosts_are_told" {
  command = plan

  variables {
    tags = { sdwan = "green" }
  }

  expect_failures = [var.tags]
}

run "tag_of_aws" {
  command = plan

  variables {
    tags = { "aws:owner" = "me" }
  }

  expect_failures = [var.tags]
}

run "tag_with_a_comma" {
  command = plan

  variables {
    tags = { owner = "me, you" }
  }

  expect_failures = [var.tags]
}

run "forty_nine_tags" {
  command = plan

  variables {
    tags = { for n in range(49) : "t${n}" => "v" }
  }

  expect_failures = [var.tags]
}

run "home_that_is_no_region" {
  command = plan

  variables {
    home_region = "virginia"
  }

  expect_failures = [var.home_region]
}

run "site_in_a_region_that_the_root_has_not" {
  command = plan

  variables {
    sites = { eu-west-1 = { ami_id = "ami-0fedcba9876543210" } }
  }

  expect_failures = [var.sites]
}
