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

run "no_mail" {
  assert {
    condition     = length(aws_sns_topic.notifications) + length(aws_cloudwatch_event_rule.notified) + length(aws_kms_key.notifications) == 0
    error_message = "The default has a topic, a rule or a key."
  }
}

# The synchronous machine sends no events of ours; Step Functions tells of it.
run "mail" {
  variables {
    notify_email = "network@example.com"
  }

  assert {
    condition = (
      aws_sns_topic_subscription.email[0].endpoint == "network@example.com" && aws_sns_topic_subscription.email[0].protocol == "email" &&
      keys(aws_cloudwatch_event_rule.notified) == ["execution"] &&
      jsondecode(aws_cloudwatch_event_rule.notified["execution"].event_pattern) == {
        source = ["aws.states"], "detail-type" = ["Step Functions Execution Status Change"]
        detail = { stateMachineArn = [aws_sfn_state_machine.sdwan.arn], status = ["ABORTED", "TIMED_OUT", "FAILED"] }
      } &&
      alltrue([for target in aws_cloudwatch_event_target.notified : target.arn == aws_sns_topic.notifications[0].arn])
    )
    error_message = "An execution that fails sends no mail, or one of another machine does."
  }

  assert {
    condition = jsondecode(aws_sns_topic_policy.notifications[0].policy).Statement == [{
      Effect    = "Allow", Action = "sns:Publish", Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sns_topic.notifications[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = [aws_cloudwatch_event_rule.notified["execution"].arn] } }
    }]
    error_message = "Others than this root's rules may publish to the topic."
  }

  assert {
    condition = (
      aws_sns_topic.notifications[0].kms_master_key_id == aws_kms_key.notifications[0].arn &&
      jsondecode(aws_kms_key.notifications[0].policy).Statement[1].Principal == { Service = ["events.amazonaws.com", "cloudwatch.amazonaws.com"] }
    )
    error_message = "The topic is not encrypted, or EventBridge can't use its key."
  }
}

run "mail_of_waves" {
  variables {
    notify_email       = "network@example.com"
    orchestration      = "polling"
    monitoring_enabled = true
    alarm_actions      = ["arn:aws:sns:us-east-1:111122223333:oncall"]
    waves              = [{ name = "a", rest = true, pauseBefore = true }]
  }

  assert {
    condition = (
      keys(aws_cloudwatch_event_rule.notified) == ["execution", "sdwan"] &&
      jsondecode(aws_cloudwatch_event_rule.notified["sdwan"].event_pattern).source == ["sdwan"] &&
      length(setsubtract(
        ["approval wanted", "wave failed", "rollback", "execution completed", "execution failed"],
        [for type in jsondecode(aws_cloudwatch_event_rule.notified["sdwan"].event_pattern)["detail-type"] : trimprefix(type, "SD-WAN ")]
      )) == 0
    )
    error_message = "An event that is worth a mail sends none."
  }

  assert {
    condition = (
      alltrue([for alarm in aws_cloudwatch_metric_alarm.execution : alarm.alarm_actions == toset(concat(var.alarm_actions, [aws_sns_topic.notifications[0].arn]))]) &&
      jsondecode(aws_sns_topic_policy.notifications[0].policy).Statement[1] == {
        Effect    = "Allow", Action = "sns:Publish", Principal = { Service = "cloudwatch.amazonaws.com" }
        Resource  = aws_sns_topic.notifications[0].arn
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:sdwan-*" } }
      }
    )
    error_message = "Alarms don't tell the topic, or may not."
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
