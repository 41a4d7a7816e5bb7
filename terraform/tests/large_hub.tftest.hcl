# How many tunnels a router may have.

variables {
  # A hub with 401 branches.
  routers = merge(
    { hub = { region = "us-east-1", role = "sdwan", loopback = "10.254.0.1/32", asn = 65001 } },
    { for n in range(401) : "b${n}" => { region = "us-east-1", role = "branch", loopback = "${cidrhost("10.255.0.0/16", n)}/32", asn = 65002 } },
  )
  tunnels = [for n in range(401) : {
    name = "b${n}"
    ends = [
      { router = "hub", vti = "vti${n}", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 1)}/30" },
      { router = "b${n}", vti = "vti0", address = "${cidrhost("169.254.0.0/16", 4 * (n + 64) + 2)}/30" },
    ]
  }]
}

run "a_hub_of_400_branches" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = { routers = var.routers, tunnels = slice(var.tunnels, 0, 400) }
  }
}

run "a_hub_of_401_branches" {
  command = plan

  module {
    source = "./tests/network"
  }

  variables {
    topology = { routers = var.routers, tunnels = var.tunnels }
  }

  expect_failures = [var.topology]
}
