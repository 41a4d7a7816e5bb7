# Hosts that an operator brings along.

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

run "used" {
  variables {
    existing_hosts = {
      nv-sdwan    = { instance_id = "i-0123456789abcdef0", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
      nv-branch1  = { instance_id = "i-0123456789abcdef1", outside_eip = "198.51.100.2", outside_private_ip = "10.1.0.2" }
      fra-sdwan   = { instance_id = "i-0123456789abcdef2", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
      fra-branch1 = { instance_id = "i-0123456789abcdef3", outside_eip = "198.51.100.4", outside_private_ip = "10.1.0.4" }
    }
  }

  assert {
    condition     = length(module.virginia) == 0 && length(module.frankfurt) == 0 && length(aws_iam_role.host) == 0 && length(aws_iam_instance_profile.host) == 0
    error_message = "A host, a network or a host's role is made."
  }

  assert {
    condition = { for key, parameter in merge(aws_ssm_parameter.virginia, aws_ssm_parameter.frankfurt) : parameter.name => nonsensitive(parameter.value) } == {
      "/sdwan/nv-sdwan/instance-id"           = "i-0123456789abcdef0"
      "/sdwan/nv-sdwan/outside-eip"           = "198.51.100.1"
      "/sdwan/nv-sdwan/outside-private-ip"    = "10.1.0.1"
      "/sdwan/nv-branch1/instance-id"         = "i-0123456789abcdef1"
      "/sdwan/nv-branch1/outside-eip"         = "198.51.100.2"
      "/sdwan/nv-branch1/outside-private-ip"  = "10.1.0.2"
      "/sdwan/fra-sdwan/instance-id"          = "i-0123456789abcdef2"
      "/sdwan/fra-sdwan/outside-eip"          = "198.51.100.3"
      "/sdwan/fra-sdwan/outside-private-ip"   = "10.1.0.3"
      "/sdwan/fra-branch1/instance-id"        = "i-0123456789abcdef3"
      "/sdwan/fra-branch1/outside-eip"        = "198.51.100.4"
      "/sdwan/fra-branch1/outside-private-ip" = "10.1.0.4"
    }
    error_message = "The parameters are not the given hosts' values."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[1].Resource == [
      "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef3",
      "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef2",
      "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef1",
      "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
    ]
    error_message = "SendCommand is allowed for other instances than the given ones."
  }

  assert {
    condition     = length(aws_ssm_parameter.secret_virginia) == 2 && length(aws_ssm_parameter.secret_frankfurt) == 2
    error_message = "Existing hosts need the secrets too."
  }

  assert {
    condition     = output.routers["fra-sdwan"] == { region = "eu-central-1", role = "sdwan", loopback = "10.255.10.1/32", asn = 65001, instance_id = "i-0123456789abcdef2", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
    error_message = "The output routers lacks the given host."
  }
}

run "one_missing" {
  command = plan

  variables {
    existing_hosts = {
      nv-sdwan = { instance_id = "i-0123456789abcdef0", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
    }
  }

  expect_failures = [var.existing_hosts]
}

run "one_unknown" {
  command = plan

  variables {
    existing_hosts = {
      nv-sdwan    = { instance_id = "i-0123456789abcdef0", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
      nv-branch1  = { instance_id = "i-0123456789abcdef1", outside_eip = "198.51.100.2", outside_private_ip = "10.1.0.2" }
      fra-sdwan   = { instance_id = "i-0123456789abcdef2", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
      fra-branch1 = { instance_id = "i-0123456789abcdef3", outside_eip = "198.51.100.4", outside_private_ip = "10.1.0.4" }
      fra-branch9 = { instance_id = "i-0123456789abcdef4", outside_eip = "198.51.100.5", outside_private_ip = "10.1.0.5" }
    }
  }

  expect_failures = [var.existing_hosts]
}

run "bad_instance_id" {
  command = plan

  variables {
    existing_hosts = {
      nv-sdwan    = { instance_id = "i-0123456789abcdef0", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
      nv-branch1  = { instance_id = "i-0123456789abcdef1", outside_eip = "198.51.100.2", outside_private_ip = "10.1.0.2" }
      fra-sdwan   = { instance_id = "i-0123456789abcdef2", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
      fra-branch1 = { instance_id = "fra-branch1", outside_eip = "198.51.100.4", outside_private_ip = "10.1.0.4" }
    }
  }

  expect_failures = [var.existing_hosts]
}

run "bad_address" {
  command = plan

  variables {
    existing_hosts = {
      nv-sdwan    = { instance_id = "i-0123456789abcdef0", outside_eip = "198.51.100.1", outside_private_ip = "10.1.0.1" }
      nv-branch1  = { instance_id = "i-0123456789abcdef1", outside_eip = "198.51.100.2", outside_private_ip = "10.1.0.2" }
      fra-sdwan   = { instance_id = "i-0123456789abcdef2", outside_eip = "198.51.100.3", outside_private_ip = "10.1.0.3" }
      fra-branch1 = { instance_id = "i-0123456789abcdef3", outside_eip = "198.51.100.400", outside_private_ip = "10.1.0.4" }
    }
  }

  expect_failures = [var.existing_hosts]
}
