locals {
  # In this order. A phase's pause leads to the next phase; the last one has none, and its verdict
  # decides the execution's end whatever on_partial_failure says.
  phase_states = [
    { name = "phase1", wait_seconds = var.phase1_wait_seconds, following = "Phase2" },
    { name = "phase2", wait_seconds = var.phase2_wait_seconds, following = "Phase3" },
    { name = "phase3", wait_seconds = null, following = null },
  ]
}

# Log groups below /aws/vendedlogs/ don't eat into the size of the account's log resource policy.
resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/sdwan"
  retention_in_days = var.log_retention_days
}

resource "aws_sfn_state_machine" "sdwan" {
  name     = "sdwan"
  role_arn = aws_iam_role.state_machine.arn

  definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    phases = [
      for phase in local.phase_states : merge(phase, {
        state        = title(phase.name)
        function_arn = aws_lambda_function.phase[phase.name].arn
        next         = phase.following == null ? "Succeeded" : "${title(phase.name)}Wait"
        stops        = phase.following == null || var.on_partial_failure == "stop"
      })
    ]
  })

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
    level                  = var.state_machine_log_level
    include_execution_data = true
  }

  # Step Functions tries the log delivery when the machine is made.
  depends_on = [aws_iam_role_policy.state_machine]
}
