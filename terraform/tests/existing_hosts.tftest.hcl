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

  # The table of hosts that are refused, by Terraform and by the functions alike: each is the good ones with a piece of
  # their text replaced.
  network = file("../Tests/Networks/topology.json")
  good    = file("../Tests/Networks/hosts.json")
  refused = jsondecode(file("../Tests/Networks/refused-hosts.json"))
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

run "good" {
  command = plan

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(var.good)
  }
}

run "instance_id_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_empty"].piece, var.refused["instance_id_empty"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_of_another_kind" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_of_another_kind"].piece, var.refused["instance_id_of_another_kind"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_too_short" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_too_short"].piece, var.refused["instance_id_too_short"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_too_long" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_too_long"].piece, var.refused["instance_id_too_long"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_that_is_a_command" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_that_is_a_command"].piece, var.refused["instance_id_that_is_a_command"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_with_a_space"].piece, var.refused["instance_id_with_a_space"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_id_that_is_its_region" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_id_that_is_its_region"].piece, var.refused["instance_id_that_is_its_region"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "instance_of_two_routers" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["instance_of_two_routers"].piece, var.refused["instance_of_two_routers"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_empty"].piece, var.refused["eip_empty"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_empty"].piece, var.refused["private_ip_empty"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_with_a_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_with_a_length"].piece, var.refused["eip_with_a_length"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_with_a_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_with_a_length"].piece, var.refused["private_ip_with_a_length"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_with_a_leading_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_with_a_leading_zero"].piece, var.refused["eip_with_a_leading_zero"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_with_a_leading_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_with_a_leading_zero"].piece, var.refused["private_ip_with_a_leading_zero"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_above_255" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_above_255"].piece, var.refused["eip_above_255"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_above_255" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_above_255"].piece, var.refused["private_ip_above_255"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_of_version_6" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_of_version_6"].piece, var.refused["eip_of_version_6"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_of_version_6" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_of_version_6"].piece, var.refused["private_ip_of_version_6"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_a_name" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_a_name"].piece, var.refused["eip_a_name"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_a_name" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_a_name"].piece, var.refused["private_ip_a_name"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_with_a_space"].piece, var.refused["eip_with_a_space"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_with_a_space"].piece, var.refused["private_ip_with_a_space"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_that_is_a_command" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_that_is_a_command"].piece, var.refused["eip_that_is_a_command"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_that_is_a_command" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_that_is_a_command"].piece, var.refused["private_ip_that_is_a_command"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_zero"].piece, var.refused["eip_zero"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_zero"].piece, var.refused["private_ip_zero"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_in_this_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_in_this_network"].piece, var.refused["eip_in_this_network"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_in_this_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_in_this_network"].piece, var.refused["private_ip_in_this_network"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_of_the_host_itself" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_of_the_host_itself"].piece, var.refused["eip_of_the_host_itself"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_of_the_host_itself" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_of_the_host_itself"].piece, var.refused["private_ip_of_the_host_itself"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_link_local" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_link_local"].piece, var.refused["eip_link_local"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_link_local" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_link_local"].piece, var.refused["private_ip_link_local"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_of_the_metadata_service" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_of_the_metadata_service"].piece, var.refused["eip_of_the_metadata_service"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_of_the_metadata_service" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_of_the_metadata_service"].piece, var.refused["private_ip_of_the_metadata_service"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_multicast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_multicast"].piece, var.refused["eip_multicast"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_multicast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_multicast"].piece, var.refused["private_ip_multicast"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_reserved" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_reserved"].piece, var.refused["eip_reserved"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_reserved" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_reserved"].piece, var.refused["private_ip_reserved"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_broadcast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_broadcast"].piece, var.refused["eip_broadcast"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_broadcast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_broadcast"].piece, var.refused["private_ip_broadcast"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_of_its_peer" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_of_its_peer"].piece, var.refused["eip_of_its_peer"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_of_a_router_elsewhere" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_of_a_router_elsewhere"].piece, var.refused["eip_of_a_router_elsewhere"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_of_its_peer" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_of_its_peer"].piece, var.refused["private_ip_of_its_peer"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "eip_that_is_a_loopback" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["eip_that_is_a_loopback"].piece, var.refused["eip_that_is_a_loopback"].by))
  }

  expect_failures = [var.existing_hosts]
}

run "private_ip_that_is_its_loopback" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology       = jsondecode(var.network)
    existing_hosts = jsondecode(replace(var.good, var.refused["private_ip_that_is_its_loopback"].piece, var.refused["private_ip_that_is_its_loopback"].by))
  }

  expect_failures = [var.existing_hosts]
}
