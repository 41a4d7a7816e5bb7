# Topologies that must be refused before anything is made.

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

  # Of three hosts in one region, two Elastic IPs each.
  elastic_ip_quota = 100

  # The table of networks that are refused, by Terraform and by the functions alike: each is the good one with a piece
  # of its text replaced.
  good    = file("../Tests/Networks/topology.json")
  refused = jsondecode(file("../Tests/Networks/refused-topologies.json"))
}

run "the_example_of_four_is_the_default" {
  command = plan

  assert {
    condition     = jsonencode(var.topology) == jsonencode(jsondecode(file("../examples/four.json")).topology)
    error_message = "examples/four.json is another network than the default one."
  }
}

run "good" {
  command = plan

  variables {
    topology = jsondecode(var.good)
  }

  assert {
    condition     = local.peers == { a = tolist(["b", "c"]), b = tolist(["a"]), c = tolist(["a"]), d = tolist(["e"]), e = tolist(["d"]) }
    error_message = "The neighbours are not the tunnels' other ends."
  }
}

run "no_routers" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = {
      routers = {}
      tunnels = []
    }
  }

  expect_failures = [var.topology]
}

run "name_with_upper_case" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_with_upper_case"].piece, var.refused["name_with_upper_case"].by))
  }

  expect_failures = [var.topology]
}

run "name_begins_with_a_hyphen" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_begins_with_a_hyphen"].piece, var.refused["name_begins_with_a_hyphen"].by))
  }

  expect_failures = [var.topology]
}

run "name_of_64_characters" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_of_64_characters"].piece, var.refused["name_of_64_characters"].by))
  }

  expect_failures = [var.topology]
}

run "name_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_with_a_space"].piece, var.refused["name_with_a_space"].by))
  }

  expect_failures = [var.topology]
}

run "name_that_is_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_that_is_empty"].piece, var.refused["name_that_is_empty"].by))
  }

  expect_failures = [var.topology]
}

run "name_that_is_a_command" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_that_is_a_command"].piece, var.refused["name_that_is_a_command"].by))
  }

  expect_failures = [var.topology]
}

run "name_with_an_umlaut" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["name_with_an_umlaut"].piece, var.refused["name_with_an_umlaut"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_name_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_name_with_a_space"].piece, var.refused["tunnel_name_with_a_space"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_name_that_is_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_name_that_is_empty"].piece, var.refused["tunnel_name_that_is_empty"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_name_of_64_characters" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_name_of_64_characters"].piece, var.refused["tunnel_name_of_64_characters"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_name_twice" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_name_twice"].piece, var.refused["tunnel_name_twice"].by))
  }

  expect_failures = [var.topology]
}

run "region_that_is_none" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["region_that_is_none"].piece, var.refused["region_that_is_none"].by))
  }

  expect_failures = [var.topology]
}

run "region_that_is_a_host" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["region_that_is_a_host"].piece, var.refused["region_that_is_a_host"].by))
  }

  expect_failures = [var.topology]
}

run "role_that_is_none" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["role_that_is_none"].piece, var.refused["role_that_is_none"].by))
  }

  expect_failures = [var.topology]
}

run "asn_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_zero"].piece, var.refused["asn_zero"].by))
  }

  expect_failures = [var.topology]
}

run "asn_23456_of_transition" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_23456_of_transition"].piece, var.refused["asn_23456_of_transition"].by))
  }

  expect_failures = [var.topology]
}

run "asn_65535_the_last_of_two_bytes" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_65535_the_last_of_two_bytes"].piece, var.refused["asn_65535_the_last_of_two_bytes"].by))
  }

  expect_failures = [var.topology]
}

run "asn_4294967295_the_last_of_four_bytes" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_4294967295_the_last_of_four_bytes"].piece, var.refused["asn_4294967295_the_last_of_four_bytes"].by))
  }

  expect_failures = [var.topology]
}

run "asn_above_four_bytes" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_above_four_bytes"].piece, var.refused["asn_above_four_bytes"].by))
  }

  expect_failures = [var.topology]
}

run "asn_negative" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_negative"].piece, var.refused["asn_negative"].by))
  }

  expect_failures = [var.topology]
}

run "asn_that_is_a_fraction" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_that_is_a_fraction"].piece, var.refused["asn_that_is_a_fraction"].by))
  }

  expect_failures = [var.topology]
}

run "asn_of_both_ends" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["asn_of_both_ends"].piece, var.refused["asn_of_both_ends"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_without_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_without_length"].piece, var.refused["loopback_without_length"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_another_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_another_length"].piece, var.refused["loopback_of_another_length"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_no_address" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_no_address"].piece, var.refused["loopback_no_address"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_with_a_leading_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_with_a_leading_zero"].piece, var.refused["loopback_with_a_leading_zero"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_with_a_leading_zero_in_its_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_with_a_leading_zero_in_its_length"].piece, var.refused["loopback_with_a_leading_zero_in_its_length"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_with_three_parts" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_with_three_parts"].piece, var.refused["loopback_with_three_parts"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_version_6" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_version_6"].piece, var.refused["loopback_of_version_6"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_a_name" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_a_name"].piece, var.refused["loopback_a_name"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_with_a_space" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_with_a_space"].piece, var.refused["loopback_with_a_space"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_empty"].piece, var.refused["loopback_empty"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_zero"].piece, var.refused["loopback_zero"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_this_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_this_network"].piece, var.refused["loopback_this_network"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_the_host_itself" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_the_host_itself"].piece, var.refused["loopback_of_the_host_itself"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_multicast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_multicast"].piece, var.refused["loopback_multicast"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_reserved" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_reserved"].piece, var.refused["loopback_reserved"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_broadcast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_broadcast"].piece, var.refused["loopback_broadcast"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_the_metadata_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_the_metadata_network"].piece, var.refused["loopback_of_the_metadata_network"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_twice" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_twice"].piece, var.refused["loopback_twice"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_twice_in_two_regions" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_twice_in_two_regions"].piece, var.refused["loopback_twice_in_two_regions"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_its_own_vti" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_its_own_vti"].piece, var.refused["loopback_of_its_own_vti"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_of_a_peer_s_vti" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_of_a_peer_s_vti"].piece, var.refused["loopback_of_a_peer_s_vti"].by))
  }

  expect_failures = [var.topology]
}

run "loopback_in_another_router_s_tunnel" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["loopback_in_another_router_s_tunnel"].piece, var.refused["loopback_in_another_router_s_tunnel"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_with_one_end" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_with_one_end"].piece, var.refused["tunnel_with_one_end"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_with_three_ends" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_with_three_ends"].piece, var.refused["tunnel_with_three_ends"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_to_itself" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_to_itself"].piece, var.refused["tunnel_to_itself"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_to_an_unknown_router" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_to_an_unknown_router"].piece, var.refused["tunnel_to_an_unknown_router"].by))
  }

  expect_failures = [var.topology]
}

run "tunnel_across_regions" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["tunnel_across_regions"].piece, var.refused["tunnel_across_regions"].by))
  }

  expect_failures = [var.topology]
}

run "two_tunnels_between_one_pair" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["two_tunnels_between_one_pair"].piece, var.refused["two_tunnels_between_one_pair"].by))
  }

  expect_failures = [var.topology]
}

run "vti_of_another_kind" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_of_another_kind"].piece, var.refused["vti_of_another_kind"].by))
  }

  expect_failures = [var.topology]
}

run "vti_without_number" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_without_number"].piece, var.refused["vti_without_number"].by))
  }

  expect_failures = [var.topology]
}

run "vti_with_two_zeros" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_with_two_zeros"].piece, var.refused["vti_with_two_zeros"].by))
  }

  expect_failures = [var.topology]
}

run "vti_with_a_leading_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_with_a_leading_zero"].piece, var.refused["vti_with_a_leading_zero"].by))
  }

  expect_failures = [var.topology]
}

run "vti_negative" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_negative"].piece, var.refused["vti_negative"].by))
  }

  expect_failures = [var.topology]
}

run "vti_too_long" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_too_long"].piece, var.refused["vti_too_long"].by))
  }

  expect_failures = [var.topology]
}

run "vti_that_is_a_command" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_that_is_a_command"].piece, var.refused["vti_that_is_a_command"].by))
  }

  expect_failures = [var.topology]
}

run "vti_with_upper_case" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_with_upper_case"].piece, var.refused["vti_with_upper_case"].by))
  }

  expect_failures = [var.topology]
}

run "vti_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_empty"].piece, var.refused["vti_empty"].by))
  }

  expect_failures = [var.topology]
}

run "vti_twice_on_a_router" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["vti_twice_on_a_router"].piece, var.refused["vti_twice_on_a_router"].by))
  }

  expect_failures = [var.topology]
}

run "address_without_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_without_length"].piece, var.refused["address_without_length"].by))
  }

  expect_failures = [var.topology]
}

run "address_of_another_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_of_another_length"].piece, var.refused["address_of_another_length"].by))
  }

  expect_failures = [var.topology]
}

run "address_of_a_larger_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_of_a_larger_network"].piece, var.refused["address_of_a_larger_network"].by))
  }

  expect_failures = [var.topology]
}

run "address_the_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_the_network"].piece, var.refused["address_the_network"].by))
  }

  expect_failures = [var.topology]
}

run "address_the_broadcast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_the_broadcast"].piece, var.refused["address_the_broadcast"].by))
  }

  expect_failures = [var.topology]
}

run "address_of_another_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_of_another_network"].piece, var.refused["address_of_another_network"].by))
  }

  expect_failures = [var.topology]
}

run "address_of_its_other_end" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_of_its_other_end"].piece, var.refused["address_of_its_other_end"].by))
  }

  expect_failures = [var.topology]
}

run "address_no_address" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_no_address"].piece, var.refused["address_no_address"].by))
  }

  expect_failures = [var.topology]
}

run "address_with_a_leading_zero" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_with_a_leading_zero"].piece, var.refused["address_with_a_leading_zero"].by))
  }

  expect_failures = [var.topology]
}

run "address_with_a_leading_zero_in_its_length" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_with_a_leading_zero_in_its_length"].piece, var.refused["address_with_a_leading_zero_in_its_length"].by))
  }

  expect_failures = [var.topology]
}

run "address_of_version_6" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_of_version_6"].piece, var.refused["address_of_version_6"].by))
  }

  expect_failures = [var.topology]
}

run "address_empty" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["address_empty"].piece, var.refused["address_empty"].by))
  }

  expect_failures = [var.topology]
}

run "addresses_in_this_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["addresses_in_this_network"].piece, var.refused["addresses_in_this_network"].by))
  }

  expect_failures = [var.topology]
}

run "addresses_of_the_host_itself" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["addresses_of_the_host_itself"].piece, var.refused["addresses_of_the_host_itself"].by))
  }

  expect_failures = [var.topology]
}

run "addresses_multicast" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["addresses_multicast"].piece, var.refused["addresses_multicast"].by))
  }

  expect_failures = [var.topology]
}

run "addresses_reserved" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["addresses_reserved"].piece, var.refused["addresses_reserved"].by))
  }

  expect_failures = [var.topology]
}

run "addresses_of_the_metadata_network" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["addresses_of_the_metadata_network"].piece, var.refused["addresses_of_the_metadata_network"].by))
  }

  expect_failures = [var.topology]
}

run "one_network_for_two_tunnels_of_a_router" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["one_network_for_two_tunnels_of_a_router"].piece, var.refused["one_network_for_two_tunnels_of_a_router"].by))
  }

  expect_failures = [var.topology]
}

run "one_network_for_tunnels_of_two_regions" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = jsondecode(replace(var.good, var.refused["one_network_for_tunnels_of_two_regions"].piece, var.refused["one_network_for_tunnels_of_two_regions"].by))
  }

  expect_failures = [var.topology]
}
