# The engine with four steps, and one that takes them back.

locals {
  timeouts = merge({ perception = 900, reasoning = 900, execution = 14400, validation = 900, rollback = 14400 }, var.timeouts)
}

module "rollout" {
  source = "../modules/rollout"

  name         = var.name
  title        = "Upgrade"
  event_source = "eks-upgrade"
  functions    = { for name, function in aws_lambda_function.function : name => function.arn }
  admission    = "perception"
  items        = "clusters"
  selectors    = ["clusters"]
  known_items  = keys(var.clusters)
  waves        = var.waves
  steps        = [for name in ["perception", "reasoning", "execution", "validation"] : { name = name, function = name, timeout = local.timeouts[name] }]
  undo         = { name = "rollback", function = "rollback", timeout = local.timeouts["rollback"] }

  approval_timeout_seconds = var.approval_timeout_seconds
  # Ten clusters are a large wave; each look at one is a dozen calls.
  max_concurrency = 10
  history_table   = true

  log_retention_days = var.log_retention_days
  alarms_enabled     = var.monitoring_enabled
  alarm_actions      = var.alarm_actions
  notify_email       = var.notify_email
  tags               = var.tags
}
