# Alarms, dashboard and traces: off unless asked for.

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
      length(aws_cloudwatch_metric_alarm.execution) == 0 && length(aws_cloudwatch_metric_alarm.unhealthy) == 0 &&
      length(aws_cloudwatch_dashboard.sdwan) == 0 && !strcontains(aws_iam_role_policy.lambda.policy, "xray") &&
      !strcontains(aws_iam_role_policy.state_machine.policy, "xray")
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
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.execution :
      alarm.metric_name == name && alarm.dimensions == tomap({ StateMachineArn = aws_sfn_state_machine.sdwan.arn }) && alarm.threshold == 0 && alarm.alarm_actions == toset(var.alarm_actions)
    ]) && toset(keys(aws_cloudwatch_metric_alarm.execution)) == toset(["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"])
    error_message = "An execution that ends without success raises no alarm."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy[0].namespace == "SDWAN" && aws_cloudwatch_metric_alarm.unhealthy[0].dimensions == tomap({ Phase = "phase3" }) && aws_cloudwatch_metric_alarm.unhealthy[0].metric_name == "RoutersFailed"
    error_message = "An unhealthy router raises no alarm."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.sdwan[0].dashboard_body).widgets : [widget.x, widget.y]] == [[0, 0], [12, 0], [0, 6], [12, 6], [0, 12], [12, 12]]
    error_message = "The dashboard's charts overlap, or one is missing."
  }

  assert {
    condition = (
      alltrue([for function in aws_lambda_function.phase : function.tracing_config[0].mode == "Active"]) &&
      aws_sfn_state_machine.sdwan.tracing_configuration[0].enabled &&
      alltrue([
        for policy in [aws_iam_role_policy.lambda.policy, aws_iam_role_policy.state_machine.policy] :
        contains(flatten([for statement in jsondecode(policy).Statement : statement.Action]), "xray:PutTraceSegments")
      ])
    )
    error_message = "Traces are not written, or may not be."
  }
}

run "no_arn" {
  command = plan

  variables {
    alarm_actions = ["oncall"]
  }

  expect_failures = [var.alarm_actions]
}
