# What an account's quotas don't allow is refused at plan, with the arithmetic and the way out.

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

run "the_usual_network_fits_into_a_new_account" {
  command = plan

  assert {
    condition     = local.elastic_ips_in == { us-east-1 = 4, eu-central-1 = 4 }
    error_message = "Two routers a region don't take four Elastic IPs."
  }
}

run "three_hosts_take_six" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = []
    }
  }

  expect_failures = [var.elastic_ip_quota]
}

run "a_gateway_takes_one_for_all" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = []
    }
    management = "nat"
  }

  assert {
    condition     = local.elastic_ips_in == { us-east-1 = 4, eu-central-1 = 0 }
    error_message = "Three routers behind a NAT gateway don't take four Elastic IPs."
  }
}

run "a_raised_quota" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = []
    }
    elastic_ip_quota = 6
  }

  assert {
    condition     = length(module.virginia[0].hosts) == 3
    error_message = "There are not three hosts."
  }
}

run "hosts_of_ones_own_take_none" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = []
    }
    existing_hosts = {
      for number, name in ["a", "b", "c"] :
      name => { instance_id = "i-0000000000000000${number}", outside_eip = "203.0.113.${number + 1}", outside_private_ip = "10.0.1.${number + 1}" }
    }
  }

  assert {
    condition     = local.elastic_ips_in == { us-east-1 = 0, eu-central-1 = 0 }
    error_message = "Existing hosts take Elastic IPs."
  }
}

run "a_hub_of_149_branches" {
  command = plan

  variables {
    elastic_ip_quota = 1000
    topology = {
      routers = merge(
        { hub = { region = "us-east-1", role = "sdwan", loopback = "10.254.0.1/32", asn = 65001 } },
        { for n in range(149) : "b${n}" => { region = "us-east-1", role = "branch", loopback = "10.255.0.${n + 1}/32", asn = 65002 } },
      )
      tunnels = [for n in range(149) : {
        name = "b${n}"
        ends = [
          { router = "hub", vti = "vti${n}", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 1)}/30" },
          { router = "b${n}", vti = "vti0", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 2)}/30" },
        ]
      }]
    }
  }

  assert {
    condition     = length(local.peers["hub"]) == 149
    error_message = "149 neighbors are not let in."
  }
}

run "a_hub_of_150_branches" {
  command = plan

  variables {
    elastic_ip_quota = 1000
    topology = {
      routers = merge(
        { hub = { region = "us-east-1", role = "sdwan", loopback = "10.254.0.1/32", asn = 65001 } },
        { for n in range(150) : "b${n}" => { region = "us-east-1", role = "branch", loopback = "10.255.0.${n + 1}/32", asn = 65002 } },
      )
      tunnels = [for n in range(150) : {
        name = "b${n}"
        ends = [
          { router = "hub", vti = "vti${n}", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 1)}/30" },
          { router = "b${n}", vti = "vti0", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 2)}/30" },
        ]
      }]
    }
  }

  expect_failures = [var.outside_open]
}

run "gateway_or_addresses" {
  command = plan

  variables {
    management = "vpn"
  }

  expect_failures = [var.management]
}
