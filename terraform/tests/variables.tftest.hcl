# Values that must be refused before anything is made.

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

run "psk_with_a_quote" {
  command = plan

  variables {
    vpn_psk = "it's a shared key"
  }

  expect_failures = [var.vpn_psk]
}

run "psk_with_a_double_quote" {
  command = plan

  variables {
    vpn_psk = "a \"shared\" key"
  }

  expect_failures = [var.vpn_psk]
}

run "psk_with_a_backslash" {
  command = plan

  variables {
    vpn_psk = "a shared\\key"
  }

  expect_failures = [var.vpn_psk]
}

run "psk_with_a_newline" {
  command = plan

  variables {
    vpn_psk = "a shared\nkey"
  }

  expect_failures = [var.vpn_psk]
}

run "psk_too_short" {
  command = plan

  variables {
    vpn_psk = "seven77"
  }

  expect_failures = [var.vpn_psk]
}

run "password_with_a_colon" {
  command = plan

  variables {
    ubuntu_password = "pass:word"
  }

  expect_failures = [var.ubuntu_password]
}

run "password_with_a_newline" {
  command = plan

  variables {
    ubuntu_password = "pass\nword"
  }

  expect_failures = [var.ubuntu_password]
}

run "secrets_version_zero" {
  command = plan

  variables {
    secrets_version = 0
  }

  expect_failures = [var.secrets_version]
}

run "key_with_a_wildcard" {
  command = plan

  variables {
    vyos_s3_key = "vyos/*"
  }

  expect_failures = [var.vyos_s3_key]
}

run "bucket_with_a_slash" {
  command = plan

  variables {
    vyos_s3_bucket = "images/vyos"
  }

  expect_failures = [var.vyos_s3_bucket]
}

run "prefix_without_slash" {
  command = plan

  variables {
    ssm_param_prefix = "/sdwan"
  }

  expect_failures = [var.ssm_param_prefix]
}

run "prefix_of_the_secrets" {
  command = plan

  variables {
    ssm_param_prefix = "/sdwan-secrets/"
  }

  expect_failures = [var.ssm_param_prefix]
}

run "prefix_of_everything" {
  command = plan

  variables {
    ssm_param_prefix = "/"
  }

  expect_failures = [var.ssm_param_prefix]
}

run "command_outlives_the_function" {
  command = plan

  variables {
    ssm_timeouts = { phase2 = 600 }
  }

  expect_failures = [var.ssm_timeouts]
}

run "unknown_mode" {
  command = plan

  variables {
    on_partial_failure = "ignore"
  }

  expect_failures = [var.on_partial_failure]
}

run "unknown_vyos" {
  command = plan

  variables {
    vyos_version = "1.2"
  }

  expect_failures = [var.vyos_version]
}

run "unknown_architecture" {
  command = plan

  variables {
    architecture = "riscv64"
  }

  expect_failures = [var.architecture]
}

run "negative_wait" {
  command = plan

  variables {
    phase1_wait_seconds = -1
  }

  expect_failures = [var.phase1_wait_seconds]
}

run "zone_of_another_region" {
  command = plan

  variables {
    sites = { us-east-1 = { availability_zone = "eu-central-1a" } }
  }

  expect_failures = [var.sites]
}

run "image_by_name" {
  command = plan

  variables {
    sites = { eu-central-1 = { ami_id = "ubuntu" } }
  }

  expect_failures = [var.sites]
}

run "small_network" {
  command = plan

  variables {
    sites = { eu-central-1 = { vpc_cidr = "10.0.0.0/28" } }
  }

  expect_failures = [var.sites]
}
