# Everything of a network with another name and another home. scripts/local/tests/test_names.py looks through all of it.

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
