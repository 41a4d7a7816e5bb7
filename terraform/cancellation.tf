# An execution that is stopped, or fails, leaves no command running: any phase's function can cancel them,
# because the commands carry the mark of their execution. Only polling marks them.

locals {
  cancels = var.orchestration == "polling" ? 1 : 0

  execution_without_success = {
    source        = ["aws.states"]
    "detail-type" = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = [aws_sfn_state_machine.sdwan.arn]
      status          = ["ABORTED", "TIMED_OUT", "FAILED"]
    }
  }
}

resource "aws_cloudwatch_event_rule" "ended" {
  count = local.cancels

  name          = "sdwan-execution-ended"
  description   = "Executions of the state machine sdwan that ended without success."
  event_pattern = jsonencode(local.execution_without_success)
}

resource "aws_cloudwatch_event_target" "cancel" {
  count = local.cancels

  rule = aws_cloudwatch_event_rule.ended[0].name
  arn  = aws_lambda_function.phase["phase1"].arn

  # Not jsonencode, which would escape the angle brackets.
  input_transformer {
    input_paths    = { execution = "$.detail.executionArn" }
    input_template = "{\"action\": \"cancel\", \"execution\": <execution>}"
  }
}

resource "aws_lambda_permission" "cancel" {
  count = local.cancels

  statement_id  = "sdwan-execution-ended"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.phase["phase1"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ended[0].arn
}
