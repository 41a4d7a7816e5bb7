# Phase 3 every so often, what it tells of each tunnel, and alarms over that.

locals {
  is_scheduled = var.verify_schedule != null

  # CloudWatch charges for each alarm; above this many tunnels one stands for all.
  most_tunnel_alarms = 100
  tunnel_names       = toset(var.topology.tunnels[*].name)
  tunnel_alarms      = local.is_scheduled && length(local.tunnel_names) <= local.most_tunnel_alarms ? local.tunnel_names : toset([])
}

resource "aws_cloudwatch_event_rule" "verify" {
  count = local.is_scheduled ? 1 : 0

  name                = "${var.name}-verify"
  description         = "Has the network ${var.name} verified; changes nothing."
  schedule_expression = var.verify_schedule
}

# A function that fails is called again twice by Lambda; it fails only where nothing can be said of any router.
resource "aws_cloudwatch_event_target" "verify" {
  count = local.is_scheduled ? 1 : 0

  rule      = aws_cloudwatch_event_rule.verify[0].name
  target_id = "phase3"
  arn       = aws_lambda_function.phase["phase3"].arn
  input     = jsonencode({})
}

resource "aws_lambda_permission" "verify" {
  count = local.is_scheduled ? 1 : 0

  statement_id  = "${var.name}-verify"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.phase["phase3"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.verify[0].arn
}

resource "aws_cloudwatch_metric_alarm" "tunnel" {
  for_each = local.tunnel_alarms

  # An alarm of this name that exists already would be written over; a role is not.
  depends_on = [aws_iam_role.lambda]

  alarm_name          = "${var.name}-tunnel-${each.key}"
  alarm_description   = "The tunnel ${each.key} is not up: sdwan why says why."
  namespace           = "SDWAN"
  metric_name         = "TunnelUp"
  dimensions          = { Name = var.name, Tunnel = each.key }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  # Between two looks, and where nobody knows, it is as it was.
  treat_missing_data = "ignore"
  alarm_actions      = module.rollout.alarm_actions
  ok_actions         = module.rollout.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "tunnels" {
  count = local.is_scheduled && length(local.tunnel_alarms) == 0 ? 1 : 0

  # An alarm of this name that exists already would be written over; a role is not.
  depends_on = [aws_iam_role.lambda]

  alarm_name          = "${var.name}-tunnels"
  alarm_description   = "Tunnels are not up: sdwan why says which and why."
  namespace           = "SDWAN"
  metric_name         = "TunnelsDown"
  dimensions          = { Name = var.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "ignore"
  alarm_actions       = module.rollout.alarm_actions
  ok_actions          = module.rollout.alarm_actions
}
