# Every kind of definition that the root renders. What is asserted here is only that there is one: each is looked at
# by scripts/local/tests/test_asl.py, which reads them from what these runs leave.

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
  existing_hosts = {
    nv-sdwan    = { instance_id = "i-00000001", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
    nv-branch1  = { instance_id = "i-00000002", outside_eip = "198.51.100.2", outside_private_ip = "10.1.0.2" }
    fra-sdwan   = { instance_id = "i-00000003", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
    fra-branch1 = { instance_id = "i-00000004", outside_eip = "198.51.100.4", outside_private_ip = "10.1.0.4" }
  }
}

run "synchronous" {
  assert {
    condition     = can(jsondecode(module.rollout.definition))
    error_message = "It is no JSON."
  }
}

run "synchronous_continue" {
  variables {
    on_partial_failure = "continue"
  }

  assert {
    condition     = can(jsondecode(module.rollout.definition))
    error_message = "It is no JSON."
  }
}

run "rollout" {
  variables {
    orchestration = "rollout"
    history_table = true
  }

  assert {
    condition     = can(jsondecode(module.rollout.definition))
    error_message = "It is no JSON."
  }
}
