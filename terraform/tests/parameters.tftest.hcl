# The twelve parameters and the secrets: names, values, regions.

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

run "default_topology" {
  override_resource {
    target = module.virginia[0].aws_eip.outside["nv-sdwan"]
    values = { public_ip = "198.51.100.77" }
  }

  assert {
    condition = [for parameter in aws_ssm_parameter.virginia : parameter.name] == [
      "/sdwan/nv-branch1/instance-id", "/sdwan/nv-branch1/outside-eip", "/sdwan/nv-branch1/outside-private-ip",
      "/sdwan/nv-sdwan/instance-id", "/sdwan/nv-sdwan/outside-eip", "/sdwan/nv-sdwan/outside-private-ip",
    ]
    error_message = "us-east-1 does not hold exactly the parameters of nv-*."
  }

  assert {
    condition = [for parameter in aws_ssm_parameter.frankfurt : parameter.name] == [
      "/sdwan/fra-branch1/instance-id", "/sdwan/fra-branch1/outside-eip", "/sdwan/fra-branch1/outside-private-ip",
      "/sdwan/fra-sdwan/instance-id", "/sdwan/fra-sdwan/outside-eip", "/sdwan/fra-sdwan/outside-private-ip",
    ]
    error_message = "eu-central-1 does not hold exactly the parameters of fra-*."
  }

  assert {
    condition = alltrue(concat(
      [for parameter in aws_ssm_parameter.virginia : startswith(parameter.arn, "arn:aws:ssm:us-east-1:")],
      [for parameter in aws_ssm_parameter.secret_virginia : startswith(parameter.arn, "arn:aws:ssm:us-east-1:")],
      [for parameter in aws_ssm_parameter.frankfurt : startswith(parameter.arn, "arn:aws:ssm:eu-central-1:")],
      [for parameter in aws_ssm_parameter.secret_frankfurt : startswith(parameter.arn, "arn:aws:ssm:eu-central-1:")],
    ))
    error_message = "A parameter was made by another region's provider."
  }

  # The mocked ids and private addresses are random: they can only be the hosts' own.
  assert {
    condition = alltrue([
      for key, parameter in merge(aws_ssm_parameter.virginia, aws_ssm_parameter.frankfurt) :
      parameter.value == merge(module.virginia[0].hosts, module.frankfurt[0].hosts)[split("/", key)[0]][replace(split("/", key)[1], "-", "_")]
    ])
    error_message = "A value is not its own host's attribute."
  }

  assert {
    condition = (
      aws_ssm_parameter.virginia["nv-sdwan/outside-eip"].value == "198.51.100.77" &&
      aws_ssm_parameter.virginia["nv-branch1/outside-eip"].value == "198.51.100.1" &&
      aws_ssm_parameter.frankfurt["fra-sdwan/outside-eip"].value == "203.0.113.1"
    )
    error_message = "outside-eip is not the Elastic IP of the router's outside."
  }

  assert {
    condition     = length(distinct([for host in merge(module.virginia[0].hosts, module.frankfurt[0].hosts) : host.instance_id])) == 4
    error_message = "The four routers are not four instances."
  }

  assert {
    condition = alltrue([
      for parameters in [aws_ssm_parameter.secret_virginia, aws_ssm_parameter.secret_frankfurt] :
      { for parameter in parameters : parameter.name => parameter.type } == {
        "/sdwan-secrets/ubuntu-password" = "SecureString"
        "/sdwan-secrets/vpn-psk"         = "SecureString"
      }
    ])
    error_message = "A region lacks one of the two secrets, or it is no SecureString."
  }

  assert {
    condition = !anytrue([
      for parameter in concat(values(aws_ssm_parameter.secret_virginia), values(aws_ssm_parameter.secret_frankfurt)) :
      can(regex("a long (password|shared key)", nonsensitive(jsonencode(parameter))))
    ])
    error_message = "A secret is in the state."
  }

  assert {
    condition     = !can(regex("a long (password|shared key)", jsonencode(aws_lambda_function.phase)))
    error_message = "A secret reaches a function."
  }
}

run "another_prefix" {
  variables {
    ssm_param_prefix = "/lab/one/"
  }

  assert {
    condition     = aws_ssm_parameter.virginia["nv-sdwan/instance-id"].name == "/lab/one/nv-sdwan/instance-id"
    error_message = "The prefix is not in the name."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.lambda.policy, "parameter/lab/one/*") && !strcontains(aws_iam_role_policy.lambda.policy, "parameter/sdwan")
    error_message = "The functions may not read exactly what is below the prefix."
  }

  assert {
    condition     = aws_lambda_function.phase["phase1"].environment[0].variables.SSM_PARAM_PREFIX == "/lab/one/"
    error_message = "The functions look below another prefix."
  }
}

run "one_region" {
  variables {
    topology = {
      routers = { solo = { region = "eu-central-1", role = "sdwan", loopback = "10.0.0.1/32", asn = 65001 } }
      tunnels = []
    }
  }

  assert {
    condition     = length(aws_ssm_parameter.virginia) == 0 && length(aws_ssm_parameter.secret_virginia) == 0 && length(module.virginia) == 0
    error_message = "Something is made in a region without routers."
  }

  assert {
    condition     = length(aws_ssm_parameter.frankfurt) == 3 && length(aws_ssm_parameter.secret_frankfurt) == 2
    error_message = "The router's region does not hold its parameters and the secrets."
  }

  assert {
    condition     = aws_lambda_function.phase["phase3"].environment[0].variables.SDWAN_REGIONS == "eu-central-1"
    error_message = "The functions ask other regions than the topology's."
  }
}
