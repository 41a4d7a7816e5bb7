# Every kind of definition that can be rendered. What is asserted here is only that there is one: each is looked at
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
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "synchronous_continue" {
  variables {
    on_partial_failure = "continue"
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "polling" {
  variables {
    orchestration = "polling"
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "polling_continue" {
  variables {
    orchestration      = "polling"
    on_partial_failure = "continue"
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "polling_silent" {
  variables {
    orchestration  = "polling"
    events_enabled = false
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "polling_silent_continue" {
  variables {
    orchestration      = "polling"
    events_enabled     = false
    on_partial_failure = "continue"
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "one_wave" {
  variables {
    orchestration = "polling"
    waves         = [{ name = "all", routers = ["nv-sdwan", "nv-branch1", "fra-sdwan", "fra-branch1"] }]
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "waves" {
  variables {
    orchestration      = "polling"
    on_partial_failure = "continue"
    waves = [
      { name = "canary", routers = ["nv-sdwan"], onFailure = "continue", preCommands = [{ document = "Acme-Backup" }], postCommands = [{ document = "Acme-Check", required = false }] },
      { name = "edge", routers = ["nv-branch1", "fra-branch1"], dependsOn = ["canary"], maxConcurrency = 1, maxErrors = "50%", onFailure = "rollback", preCommands = [{ document = "Acme-Backup", required = false }] },
      { name = "rest", routers = ["fra-sdwan"], pauseBefore = true, onFailure = "rollback", postCommands = [{ document = "Acme-Check" }] },
    ]
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "waves_silent" {
  variables {
    orchestration  = "polling"
    events_enabled = false
    waves = [
      { name = "canary", routers = ["nv-sdwan", "nv-branch1"], pauseBefore = true, preCommands = [{ document = "Acme-Backup", required = false }] },
      { name = "rest", routers = ["fra-sdwan", "fra-branch1"], dependsOn = ["canary"], onFailure = "rollback", postCommands = [{ document = "Acme-Check", required = false }] },
    ]
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}

run "a_large_wave" {
  variables {
    orchestration = "polling"
    topology = {
      routers = { for n in range(45) : "r${n}" => { region = "us-east-1", role = "branch", loopback = "10.255.0.${n}/32", asn = 65002 } }
      tunnels = []
    }
    existing_hosts = { for n in range(45) : "r${n}" => {
      instance_id = "i-0000${1000 + n}", outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}"
    } }
    waves = [{ name = "all", routers = [for n in range(45) : "r${n}"], maxConcurrency = 80, preCommands = [{ document = "Acme-Backup" }] }]
  }

  assert {
    condition     = can(jsondecode(aws_sfn_state_machine.sdwan.definition))
    error_message = "It is no JSON."
  }
}
