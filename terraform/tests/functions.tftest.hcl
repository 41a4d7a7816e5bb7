# The three functions: names, limits, environment, logs.

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

run "defaults" {
  assert {
    condition     = { for name, function in aws_lambda_function.phase : function.function_name => function.timeout } == { sdwan-phase1 = 900, sdwan-phase2 = 600, sdwan-phase3 = 600 }
    error_message = "Names or timeouts are not the required ones."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.phase :
      function.runtime == "provided.al2023" && function.memory_size == 256 && function.handler == "bootstrap" && function.architectures == tolist(["x86_64"])
    ])
    error_message = "Runtime, memory, handler or architecture is not the required one."
  }

  assert {
    condition = alltrue([
      for name, function in aws_lambda_function.phase :
      function.filename == "tests/zips/${name}.zip" && function.source_code_hash == filebase64sha256("tests/zips/${name}.zip")
    ])
    error_message = "A function is not made from its own zip."
  }

  assert {
    condition = aws_lambda_function.phase["phase1"].environment[0].variables == tomap({
      SDWAN_NAME           = "sdwan"
      SDWAN_REGIONS        = "eu-central-1,us-east-1"
      SDWAN_TOPOLOGY       = jsonencode(var.topology)
      SSM_PARAM_PREFIX     = "/sdwan/"
      SSM_POLL_INTERVAL    = "15"
      SSM_TIMEOUT          = "600"
      SDWAN_ONLINE_TIMEOUT = "120"
      SDWAN_RECREATE       = "changed"
      VYOS_S3_BUCKET       = "images"
      VYOS_S3_KEY          = "vyos/vyos.tar.gz"
      VYOS_S3_REGION       = "us-east-1"
      VYOS_VERSION         = "1.3"
    })
    error_message = "Phase 1's environment is another one."
  }

  assert {
    condition = aws_lambda_function.phase["phase2"].environment[0].variables == tomap({
      SDWAN_NAME           = "sdwan"
      SDWAN_REGIONS        = "eu-central-1,us-east-1"
      SDWAN_TOPOLOGY       = jsonencode(var.topology)
      SDWAN_TUNNEL_KEYS    = "own"
      SSM_PARAM_PREFIX     = "/sdwan/"
      SSM_POLL_INTERVAL    = "15"
      SDWAN_VERIFY_TIMEOUT = "60"
      SSM_TIMEOUT          = "300"
      VYOS_VERSION         = "1.3"
    })
    error_message = "Phase 2's environment is another one."
  }

  assert {
    condition = aws_lambda_function.phase["phase3"].environment[0].variables == tomap({
      SDWAN_NAME           = "sdwan"
      SDWAN_REGIONS        = "eu-central-1,us-east-1"
      SDWAN_TOPOLOGY       = jsonencode(var.topology)
      SDWAN_TUNNEL_METRICS = "false"
      SDWAN_VERIFY_TIMEOUT = "60"
      SSM_PARAM_PREFIX     = "/sdwan/"
      SSM_POLL_INTERVAL    = "15"
      SSM_TIMEOUT          = "300"
      VYOS_VERSION         = "1.3"
    })
    error_message = "Phase 3's environment is another one."
  }

  # The default network, field by field, as the functions decode it.
  assert {
    condition = jsondecode(aws_lambda_function.phase["phase2"].environment[0].variables.SDWAN_TOPOLOGY).routers == {
      nv-sdwan    = { region = "us-east-1", role = "sdwan", loopback = "10.255.0.1/32", asn = 65001 }
      nv-branch1  = { region = "us-east-1", role = "branch", loopback = "10.255.1.1/32", asn = 65002 }
      fra-sdwan   = { region = "eu-central-1", role = "sdwan", loopback = "10.255.10.1/32", asn = 65001 }
      fra-branch1 = { region = "eu-central-1", role = "branch", loopback = "10.255.11.1/32", asn = 65002 }
    }
    error_message = "The default routers are not those of the requirements."
  }

  assert {
    condition = [
      for tunnel in jsondecode(aws_lambda_function.phase["phase2"].environment[0].variables.SDWAN_TOPOLOGY).tunnels :
      [for end in tunnel.ends : "${end.router} ${end.vti} ${end.address}"]
      ] == [
      ["nv-sdwan vti0 169.254.100.1/30", "nv-branch1 vti0 169.254.100.2/30"],
      ["fra-sdwan vti0 169.254.100.13/30", "fra-branch1 vti0 169.254.100.14/30"],
    ]
    error_message = "The default tunnels are not those of the requirements."
  }

  assert {
    condition = alltrue([
      for name, function in aws_lambda_function.phase :
      function.logging_config[0].log_format == "JSON" && function.logging_config[0].application_log_level == "INFO" &&
      function.logging_config[0].log_group == "/aws/lambda/sdwan-${name}"
    ])
    error_message = "A function does not log JSON to its own group."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.phase : group.retention_in_days == 30])
    error_message = "Logs are kept for another time than 30 days."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.phase : function.role == aws_iam_role.lambda.arn])
    error_message = "A function has another role."
  }

  assert {
    condition     = output.function_names == { phase1 = "sdwan-phase1", phase2 = "sdwan-phase2", phase3 = "sdwan-phase3" }
    error_message = "The output function_names differs."
  }
}

run "set_otherwise" {
  variables {
    architecture       = "arm64"
    log_level          = "DEBUG"
    log_retention_days = 7
    ssm_poll_interval  = 0.5
    ssm_timeouts       = { phase2 = 120 }
    verify_timeout     = 5
    vyos_version       = "1.4"
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.phase :
      function.architectures == tolist(["arm64"]) && function.logging_config[0].application_log_level == "DEBUG" &&
      function.environment[0].variables.VYOS_VERSION == "1.4" && function.environment[0].variables.SSM_POLL_INTERVAL == "0.5"
    ])
    error_message = "A function does not follow the variables."
  }

  assert {
    condition     = [for function in aws_lambda_function.phase : function.environment[0].variables.SSM_TIMEOUT] == ["600", "120", "300"]
    error_message = "SSM_TIMEOUT does not follow ssm_timeouts."
  }

  assert {
    condition     = aws_lambda_function.phase["phase3"].environment[0].variables.SDWAN_VERIFY_TIMEOUT == "5"
    error_message = "SDWAN_VERIFY_TIMEOUT does not follow verify_timeout."
  }

  assert {
    condition     = alltrue([for group in values(aws_cloudwatch_log_group.phase) : group.retention_in_days == 7])
    error_message = "A log group does not follow log_retention_days."
  }
}

run "no_zips" {
  command = plan

  variables {
    zip_directory = "tests/no-such-folder"
  }

  expect_failures = [aws_lambda_function.phase]
}
