locals {
  machine_name = "sdwan"
}

# Log groups below /aws/vendedlogs/ don't eat into the size of the account's log resource policy.
resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/sdwan"
  retention_in_days = var.log_retention_days
}

resource "aws_sfn_state_machine" "sdwan" {
  name       = local.machine_name
  role_arn   = aws_iam_role.state_machine.arn
  definition = local.definition

  dynamic "tracing_configuration" {
    for_each = var.tracing_enabled ? [true] : []
    content {
      enabled = tracing_configuration.value
    }
  }

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
    level                  = var.state_machine_log_level
    include_execution_data = true
  }

  # Step Functions tries the log delivery when the machine is made.
  depends_on = [aws_iam_role_policy.state_machine]
}
