# Alarms over what Step Functions reports by itself.

locals {
  execution_failures = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]
  alarm_arns = [
    for alarm in concat([for metric in local.execution_failures : "${var.name}-${metric}"], var.further_alarms) :
    "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:${alarm}"
  ]
  alarm_actions = concat(var.alarm_actions, aws_sns_topic.notifications[*].arn)
}

resource "aws_cloudwatch_metric_alarm" "execution" {
  for_each = toset(var.alarms_enabled ? local.execution_failures : [])

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "An execution of the state machine ${var.name} ended without success."
  namespace           = "AWS/States"
  metric_name         = each.key
  dimensions          = { StateMachineArn = aws_sfn_state_machine.machine.arn }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}
