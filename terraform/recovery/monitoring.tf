# A dashboard over what the function and Step Functions report by themselves; executions have their alarms in
# modules/rollout.

locals {
  charts = [
    { title = "Servers that failed", stat = "Maximum", metrics = [["Recovery", "ServersFailed", "Name", var.name, "Function", "recovery"]] },
    { title = "Servers that were launched", stat = "Maximum", metrics = [["Recovery", "ServersSucceeded", "Name", var.name, "Function", "recovery"]] },
    { title = "Requests made again", stat = "Sum", metrics = [["Recovery", "Retries", "Name", var.name, "Function", "recovery"]] },
    {
      title   = "Executions", stat = "Sum"
      metrics = [for metric in ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"] : ["AWS/States", metric, "StateMachineArn", module.rollout.arn]]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "recovery" {
  count = var.monitoring_enabled ? 1 : 0

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

  # A dashboard of this name that exists already would be written over; a role is not.
  depends_on = [aws_iam_role.recovery]
}
