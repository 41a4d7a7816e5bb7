# What an operator may do: the network's own things and no other's.

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

run "policy" {
  assert {
    condition = toset([
      for statement in jsondecode(output.operator_policy).Statement : statement.Sid if contains(flatten([statement.Resource]), "*")
    ]) == toset(["Approvals", "Answers"])
    error_message = "An operator may do more than these to everything."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(output.operator_policy).Statement : [
        for action in flatten([statement.Action]) : !strcontains(action, "*") && statement.Effect == "Allow"
      ]
    ]))
    error_message = "An action is not named."
  }

  # Of the secrets the keys alone: not the hosts' password.
  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(output.operator_policy).Statement : [
        for resource in flatten([statement.Resource]) : !strcontains(resource, "-secrets/") || can(regex(":parameter/sdwan-secrets/vpn-psk(/\\*)?$", resource))
      ]
    ]))
    error_message = "An operator may read more secrets than the tunnels' keys."
  }

  assert {
    condition     = length(output.operator_policy) <= 6144
    error_message = "A managed policy has 6,144 characters."
  }
}

# Of the bucket the results, where there is one; of very many routers their tag.
run "rollout" {
  variables {
    orchestration = "rollout"
  }

  assert {
    condition = [
      for statement in jsondecode(output.operator_policy).Statement : statement.Action if statement.Sid == "Results"
    ] == [["s3:GetObject"]]
    error_message = "An operator can't read results that lie in the bucket, or does more to it."
  }
}
