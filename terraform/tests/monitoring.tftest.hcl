# The alarm on routers, the dashboard and traces: off unless asked for. Executions' alarms and the mail: rollout.tftest.hcl.

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

run "off" {
  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.unhealthy) == 0 && length(aws_cloudwatch_dashboard.sdwan) == 0 &&
      !strcontains(aws_iam_role_policy.lambda.policy, "xray") && length(module.rollout.alarm_actions) == 0
    )
    error_message = "The default has alarms, a dashboard or traces."
  }
}

run "on" {
  variables {
    monitoring_enabled = true
    tracing_enabled    = true
    alarm_actions      = ["arn:aws:sns:us-east-1:111122223333:oncall"]
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy[0].alarm_actions == toset(var.alarm_actions)
    error_message = "An alarm does not tell those that it should."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy[0].namespace == "SDWAN" && aws_cloudwatch_metric_alarm.unhealthy[0].dimensions == tomap({ Name = "sdwan", Phase = "phase3" }) && aws_cloudwatch_metric_alarm.unhealthy[0].metric_name == "RoutersFailed"
    error_message = "An unhealthy router raises no alarm."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.sdwan[0].dashboard_body).widgets : [widget.x, widget.y]] == [[0, 0], [12, 0], [0, 6], [12, 6], [0, 12], [12, 12]]
    error_message = "The dashboard's charts overlap, or one is missing."
  }

  assert {
    condition = (
      alltrue([for function in aws_lambda_function.phase : function.tracing_config[0].mode == "Active"]) &&
      contains(flatten([for statement in jsondecode(aws_iam_role_policy.lambda.policy).Statement : statement.Action]), "xray:PutTraceSegments")
    )
    error_message = "Traces are not written, or may not be."
  }
}

run "mail" {
  variables {
    notify_email       = "network@example.com"
    monitoring_enabled = true
    alarm_actions      = ["arn:aws:sns:us-east-1:111122223333:oncall"]
  }

  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.unhealthy[0].alarm_actions) == 2 &&
      aws_cloudwatch_metric_alarm.unhealthy[0].alarm_actions == toset(module.rollout.alarm_actions)
    )
    error_message = "An unhealthy router is not told to the topic and to the others."
  }
}

run "no_address" {
  command = plan

  variables {
    notify_email = "network"
  }

  expect_failures = [var.notify_email]
}

run "no_arn" {
  command = plan

  variables {
    alarm_actions = ["oncall"]
  }

  expect_failures = [var.alarm_actions]
}
