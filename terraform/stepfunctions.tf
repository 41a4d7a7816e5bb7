# One machine at one address, whatever orchestration says: the engine's definition, or the synchronous one.

locals {
  is_rollout = var.orchestration == "rollout"

  steps = [
    { name = "phase1", function = "phase1", timeout = var.phase_timeouts.phase1, pause = var.phase1_wait_seconds },
    { name = "phase2", function = "phase2", timeout = var.phase_timeouts.phase2, pause = var.phase2_wait_seconds },
    { name = "phase3", function = "phase3", timeout = var.phase_timeouts.phase3, reached = true },
  ]
}

module "rollout" {
  source = "./modules/rollout"

  name         = var.name
  title        = "SD-WAN"
  event_source = "sdwan"
  functions    = { for name, function in aws_lambda_function.phase : name => function.arn }
  definition   = local.is_rollout ? null : local.synchronous_definition

  admission   = "phase1"
  items       = "instances"
  selectors   = ["routers"]
  known_items = keys(var.topology.routers)
  waves       = var.waves
  steps       = [for step in local.steps : step if local.is_rollout]
  undo        = { name = "rollback", function = "phase2", event = { mode = "rollback" }, timeout = var.phase_timeouts.phase2 }

  approval_timeout_seconds = var.approval_timeout_seconds
  history_table            = var.history_table

  log_level          = var.state_machine_log_level
  log_retention_days = var.log_retention_days
  tracing_enabled    = var.tracing_enabled
  alarms_enabled     = var.monitoring_enabled
  alarm_actions      = var.alarm_actions
  further_alarms     = concat([local.unhealthy_alarm], local.is_scheduled ? ["${var.name}-tunnel*"] : [])
  notify_email       = var.notify_email
}
