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
}

run "the_example_of_four_is_the_default" {
  command = plan

  assert {
    condition     = jsonencode(var.topology) == jsonencode(jsondecode(file("../examples/four.json")).topology)
    error_message = "examples/four.json is another network than the default one."
  }
}

# The network that each of the bad ones below differs from in one place. A hub, whose other
# tunnel shows that a router may have several.
run "good" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
        { name = "ac", ends = [
          { router = "c", vti = "vti0", address = "169.254.0.6/30" },
          { router = "a", vti = "vti1", address = "169.254.0.5/30" },
        ] },
      ]
    }
  }

  assert {
    condition     = local.peers == { a = tolist(["b", "c"]), b = tolist(["a"]), c = tolist(["a"]) }
    error_message = "The neighbours are not the tunnels' other ends."
  }
}

run "no_routers" {
  command = plan

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

  variables {
    topology = {
      routers = {
        a  = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b  = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        Nv = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "name_begins_with_hyphen" {
  command = plan

  variables {
    topology = {
      routers = {
        a    = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b    = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        "-c" = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "name_of_64_characters" {
  command = plan

  variables {
    topology = {
      routers = {
        a                                                                = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b                                                                = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "tunnel_name_with_a_space" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "a b", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "another_region" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "eu-west-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "another_role" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "spoke", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "asn_zero" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 0 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "loopback_is_a_network" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.0/24", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "loopback_is_no_address" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.300/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "loopback_twice" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "eu-central-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "tunnel_name_twice" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
        { name = "ab", ends = [
          { router = "a", vti = "vti1", address = "169.254.0.5/30" },
          { router = "c", vti = "vti0", address = "169.254.0.6/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "tunnel_with_one_end" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "tunnel_to_itself" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "a", vti = "vti1", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "unknown_router" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "z", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "tunnel_across_regions" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "eu-central-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = [
        { name = "ac", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "c", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "same_asn_at_both_ends" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.3/32", asn = 65001 }
      }
      tunnels = [
        { name = "ac", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "c", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "vti_with_another_name" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "tun0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "vti_twice_on_a_router" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
        { name = "ac", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.5/30" },
          { router = "c", vti = "vti0", address = "169.254.0.6/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "addresses_of_two_networks" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.6/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "address_is_the_broadcast" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.2/30" },
          { router = "b", vti = "vti0", address = "169.254.0.3/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "same_address_at_both_ends" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.1/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "addresses_of_a_larger_network" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/29" },
          { router = "b", vti = "vti0", address = "169.254.0.2/29" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}

run "addresses_used_twice" {
  command = plan

  variables {
    topology = {
      routers = {
        a = { region = "us-east-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 }
        b = { region = "us-east-1", role = "branch", loopback = "10.0.0.2/32", asn = 65002 }
        c = { region = "us-east-1", role = "branch", loopback = "10.0.0.3/32", asn = 65002 }
      }
      tunnels = [
        { name = "ab", ends = [
          { router = "a", vti = "vti0", address = "169.254.0.1/30" },
          { router = "b", vti = "vti0", address = "169.254.0.2/30" },
        ] },
        { name = "ac", ends = [
          { router = "a", vti = "vti1", address = "169.254.0.1/30" },
          { router = "c", vti = "vti0", address = "169.254.0.2/30" },
        ] },
      ]
    }
  }

  expect_failures = [var.topology]
}
