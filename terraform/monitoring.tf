# An alarm and a dashboard over what the functions and Step Functions report by themselves; executions have their alarms in
# modules/rollout.

locals {
  monitoring = var.monitoring_enabled ? 1 : 0

  unhealthy_alarm = "${var.name}-unhealthy-routers"

  charts = [
    { title = "Routers that failed", stat = "Maximum", metrics = [for phase in keys(local.phases) : ["SDWAN", "RoutersFailed", "Name", var.name, "Phase", phase]] },
    { title = "Routers that succeeded", stat = "Maximum", metrics = [for phase in keys(local.phases) : ["SDWAN", "RoutersSucceeded", "Name", var.name, "Phase", phase]] },
    { title = "Duration of an invocation (ms)", stat = "Maximum", metrics = [for phase in keys(local.phases) : ["SDWAN", "Duration", "Name", var.name, "Phase", phase]] },
    { title = "Requests made again", stat = "Sum", metrics = [for phase in keys(local.phases) : ["SDWAN", "Retries", "Name", var.name, "Phase", phase]] },
    { title = "Functions that failed", stat = "Sum", metrics = [for function in aws_lambda_function.phase : ["AWS/Lambda", "Errors", "FunctionName", function.function_name]] },
    {
      title   = "Executions", stat = "Sum"
      metrics = [for metric in ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"] : ["AWS/States", metric, "StateMachineArn", module.rollout.arn]]
    },
  ]
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  count = local.monitoring

  # An alarm of this name that exists already would be written over; a role is not.
  depends_on = [aws_iam_role.lambda]

  alarm_name          = local.unhealthy_alarm
  alarm_description   = "Phase 3 found routers that are not healthy."
  namespace           = "SDWAN"
  metric_name         = "RoutersFailed"
  dimensions          = { Name = var.name, Phase = "phase3" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = module.rollout.alarm_actions
}

resource "aws_cloudwatch_dashboard" "sdwan" {
  count = local.monitoring

  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for index, chart in local.charts : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = chart.title
        region  = var.home_region
        stat    = chart.stat
        period  = 300
        metrics = chart.metrics
      }
    }]
  })
}
