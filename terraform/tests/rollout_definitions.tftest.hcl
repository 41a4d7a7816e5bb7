# The engine as three deployments have it, for what reads rendered definitions.

mock_provider "aws" {
  source = "./tests/mocks/virginia"
}

variables {
  name         = "sdwan"
  title        = "SD-WAN"
  event_source = "sdwan"
  admission    = "phase1"
  functions = {
    phase1 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase1"
    phase2 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase2"
    phase3 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase3"
  }
  steps = [
    { name = "phase1", function = "phase1", timeout = 3600, pause = 60 },
    { name = "phase2", function = "phase2", timeout = 1800, pause = 90 },
    { name = "phase3", function = "phase3", timeout = 1800, reached = true },
  ]
  undo = { name = "rollback", function = "phase2", event = { mode = "rollback" }, timeout = 1800 }
}

run "network" {
  module {
    source = "./modules/rollout"
  }
}

run "servers" {
  module {
    source = "./modules/rollout"
  }

  variables {
    name          = "recovery"
    title         = "Recovery"
    event_source  = "recovery"
    items         = "servers"
    admission     = "recovery"
    history_table = true
    functions     = { recovery = "arn:aws:lambda:us-east-1:111122223333:function:recovery" }
    steps         = [{ name = "launch", function = "recovery", timeout = 3600 }]
    undo          = null
  }
}

run "clusters" {
  module {
    source = "./modules/rollout"
  }

  variables {
    name         = "upgrade"
    title        = "Upgrade"
    event_source = "eks-upgrade-agent"
    items        = "clusters"
    admission    = "perception"
    functions    = { for name in ["perception", "reasoning", "execution", "validation", "rollback"] : name => "arn:aws:lambda:us-east-1:111122223333:function:upgrade-${name}" }
    steps = [for name in ["perception", "reasoning", "execution", "validation"] :
      { name = name, function = name, timeout = 3600, required = name != "reasoning" }
    ]
    undo = { name = "rollback", function = "rollback", timeout = 7200 }
  }
}
