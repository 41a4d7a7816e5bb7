# Another name, another home, tags. scripts/local/tests/test_names.py looks through all that the first run makes.

mock_provider "aws" {
  source = "./tests/mocks/virginia"

  override_resource {
    target = module.rollout.aws_sfn_state_machine.machine
    values = { arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:blue-2" }
  }
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
  zip_directory      = "tests/zips"
  vyos_s3_bucket     = "images"
  vyos_s3_key        = "vyos/vyos.tar.gz"
  ubuntu_password    = "a long password"
  vpn_psk            = "a long shared key"
  name               = "blue-2"
  home_region        = "eu-central-1"
  orchestration      = "rollout"
  history_table      = true
  tracing_enabled    = true
  monitoring_enabled = true
  notify_email       = "network@example.com"
  management         = "nat"
}

run "everything" {
  assert {
    condition = alltrue([
      for made in [
        aws_iam_role.lambda.name, values(aws_iam_role.host)[0].name, values(aws_iam_instance_profile.host)[0].name,
        aws_lambda_function.phase["phase1"].function_name, aws_s3_bucket.data[0].bucket_prefix,
        aws_cloudwatch_metric_alarm.unhealthy[0].alarm_name, aws_cloudwatch_dashboard.sdwan[0].dashboard_name,
      ] : startswith(made, "blue-2")
    ])
    error_message = "Something is not called by the network's name."
  }

  assert {
    condition = (
      aws_lambda_function.phase["phase2"].environment[0].variables.SDWAN_NAME == "blue-2" &&
      aws_lambda_function.phase["phase2"].environment[0].variables.SSM_PARAM_PREFIX == "/blue-2/" &&
      alltrue([for parameter in aws_ssm_parameter.virginia : startswith(parameter.name, "/blue-2/")]) &&
      alltrue([for parameter in aws_ssm_parameter.secret_frankfurt : startswith(parameter.name, "/blue-2-secrets/")])
    )
    error_message = "The functions look for the parameters elsewhere than they are."
  }

  assert {
    condition = alltrue([
      for statement in flatten([for policy in aws_iam_role_policy.host : jsondecode(policy.policy).Statement]) :
      alltrue([for resource in flatten([statement.Resource]) : strcontains(resource, ":parameter/blue-2-secrets/")])
      if contains(flatten([statement.Action]), "ssm:GetParameter")
    ])
    error_message = "A host may read another network's secrets."
  }

  assert {
    condition = (
      strcontains(output.start_execution_command, "--region eu-central-1 ") &&
      alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.sdwan[0].dashboard_body).widgets : widget.properties.region == "eu-central-1"]) &&
      alltrue([for name in output.secret_parameter_names : startswith(name, "/blue-2-secrets/")])
    )
    error_message = "An output or the dashboard speaks of another network or region."
  }
}

run "longest" {
  command = plan

  variables {
    name = join("", [for n in range(36) : "x"])
  }
}

run "one_more" {
  command = plan

  variables {
    name = join("", [for n in range(37) : "x"])
  }

  expect_failures = [var.name]
}

run "capitals" {
  command = plan

  variables {
    name = "Blue"
  }

  expect_failures = [var.name]
}

run "hyphen_at_the_end" {
  command = plan

  variables {
    name = "blue-"
  }

  expect_failures = [var.name]
}

run "where_another_network_has_its_secrets" {
  command = plan

  variables {
    name = "sdwan-secrets"
  }

  expect_failures = [var.name]
}

run "beginning_of_aws" {
  command = plan

  variables {
    name = "awsome"
  }

  expect_failures = [var.name]
}

run "prefix_among_another_networks_secrets" {
  command = plan

  variables {
    ssm_param_prefix = "/green-secrets/"
  }

  expect_failures = [var.ssm_param_prefix]
}

run "tag_by_which_hosts_are_told" {
  command = plan

  variables {
    tags = { sdwan = "green" }
  }

  expect_failures = [var.tags]
}

run "tag_of_aws" {
  command = plan

  variables {
    tags = { "aws:owner" = "me" }
  }

  expect_failures = [var.tags]
}

run "tag_with_a_comma" {
  command = plan

  variables {
    tags = { owner = "me, you" }
  }

  expect_failures = [var.tags]
}

run "forty_nine_tags" {
  command = plan

  variables {
    tags = { for n in range(49) : "t${n}" => "v" }
  }

  expect_failures = [var.tags]
}

run "home_that_is_no_region" {
  command = plan

  variables {
    home_region = "virginia"
  }

  expect_failures = [var.home_region]
}

run "site_in_a_region_that_the_root_has_not" {
  command = plan

  variables {
    sites = { eu-west-1 = { ami_id = "ami-0fedcba9876543210" } }
  }

  expect_failures = [var.sites]
}
