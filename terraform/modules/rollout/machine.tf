# Log groups below /aws/vendedlogs/ don't eat into the size of the account's log resource policy.
resource "aws_cloudwatch_log_group" "machine" {
  name              = "/aws/vendedlogs/states/${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

# One address, whatever its definition is: another one would have the machine made anew, and its executions lost.
resource "aws_sfn_state_machine" "machine" {
  name       = var.name
  role_arn   = aws_iam_role.machine.arn
  definition = local.is_rollout ? local.rollout_definition : var.definition
  tags       = var.tags

  dynamic "tracing_configuration" {
    for_each = var.tracing_enabled ? [true] : []
    content {
      enabled = tracing_configuration.value
    }
  }

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.machine.arn}:*"
    level                  = var.log_level
    include_execution_data = true
  }

  lifecycle {
    precondition {
      condition     = can(jsondecode(local.is_rollout ? local.rollout_definition : var.definition)) && length(local.is_rollout ? local.rollout_definition : var.definition) <= 1024 * 1024
      error_message = "The definition is no JSON, or has more than 1 MB."
    }
  }

  # Step Functions tries the log delivery when the machine is made.
  depends_on = [aws_iam_role_policy.machine]
}
