# The engine with one function and one step: a wave's servers are launched.

module "rollout" {
  source = "../modules/rollout"

  name         = var.name
  title        = "Recovery"
  event_source = "recovery"
  functions    = { recovery = aws_lambda_function.recovery.arn }
  admission    = "recovery"
  items        = "servers"
  selectors    = ["servers", "groups"]
  waves        = var.waves
  steps        = [{ name = "recover", function = "recovery", timeout = var.wave_timeout }]

  approval_timeout_seconds = var.approval_timeout_seconds
  # Who asks a year later what was recovered when gets an answer.
  history_table = true

  log_retention_days = var.log_retention_days
  alarms_enabled     = var.monitoring_enabled
  alarm_actions      = var.alarm_actions
  notify_email       = var.notify_email
  tags               = var.tags
}

resource "aws_ssm_parameter" "group" {
  for_each = var.groups

  name  = "/${var.name}/groups/${each.key}"
  type  = "String"
  value = each.value.servers != null ? jsonencode(each.value.servers) : jsonencode({ tag = each.value.tag })
}
