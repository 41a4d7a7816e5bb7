# An execution that is stopped, or fails, leaves no command running: any phase's function can cancel them,
# because the commands carry the mark of their execution. Only polling marks them.

locals {
  cancels = var.orchestration == "polling" ? 1 : 0

  # Lambda writes there in the function's name.
  failed_cancellation_use = [for queue in aws_sqs_queue.failed_cancellation : {
    Effect   = "Allow"
    Action   = "sqs:SendMessage"
    Resource = queue.arn
  }]

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

  dead_letter_config {
    arn = aws_sqs_queue.failed_cancellation[0].arn
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

# What could not be cancelled may still run on hosts, so somebody has to hear of it. There are two ways to fail:
# EventBridge can't hand the event to Lambda (the rule's dead-letter queue), or the function takes it and fails, tried
# again twice (Lambda's own destination for asynchronous events; Step Functions' calls are synchronous and not meant).
# One queue has both; a message in it names the execution.
resource "aws_sqs_queue" "failed_cancellation" {
  count = local.cancels

  name                      = "sdwan-failed-cancellation"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true

  # A queue of this name that exists already would be taken over without a word; a role is not.
  depends_on = [aws_iam_role.lambda]
}

resource "aws_sqs_queue_policy" "failed_cancellation" {
  count = local.cancels

  queue_url = aws_sqs_queue.failed_cancellation[0].url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sqs_queue.failed_cancellation[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.ended[0].arn } }
    }]
  })
}

resource "aws_lambda_function_event_invoke_config" "cancel" {
  count = local.cancels

  function_name = aws_lambda_function.phase["phase1"].function_name

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_cancellation[0].arn
    }
  }

  # Lambda refuses a destination that the function's role can't write to.
  depends_on = [aws_iam_role_policy.lambda]
}
