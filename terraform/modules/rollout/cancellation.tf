# An execution that is stopped, or fails, leaves nothing running: each function is told, and ends what it has started.
# Only the engine's functions know what that is.

locals {
  told = local.is_rollout ? var.functions : {}
  # What is given another name, be it the same function's, is made anew.
  names = { for name, arn in local.told : name => element(split(":", arn), 6) }

  execution_without_success = {
    source        = ["aws.states"]
    "detail-type" = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = [local.machine_arn]
      status          = ["ABORTED", "TIMED_OUT", "FAILED"]
    }
  }

  # By its name, because the functions' role needs it before the machine has functions.
  failed_cancellation_arn = "arn:${local.partition}:sqs:${local.region}:${local.account}:${var.name}-failed-cancellation"
}

resource "aws_cloudwatch_event_rule" "ended" {
  count = local.is_rollout ? 1 : 0

  name          = "${var.name}-execution-ended"
  description   = "Executions of the state machine ${var.name} that ended without success."
  event_pattern = jsonencode(local.execution_without_success)
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "cancel" {
  for_each = local.told

  rule      = aws_cloudwatch_event_rule.ended[0].name
  target_id = each.key
  arn       = each.value

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
  for_each = local.names

  statement_id  = "${var.name}-execution-ended"
  action        = "lambda:InvokeFunction"
  function_name = each.value
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ended[0].arn
}

# What could not be cancelled may still run, so somebody has to hear of it. There are two ways to fail: EventBridge can't
# hand the event to Lambda (the rule's dead-letter queue), or the function takes it and fails, tried again twice (Lambda's
# own destination for asynchronous events; Step Functions' calls are synchronous and not meant). One queue has both.
resource "aws_sqs_queue" "failed_cancellation" {
  count = local.is_rollout ? 1 : 0

  name                      = "${var.name}-failed-cancellation"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags

  # A queue of this name that exists already would be taken over without a word; a role is not.
  depends_on = [aws_iam_role.machine]
}

resource "aws_sqs_queue_policy" "failed_cancellation" {
  count = local.is_rollout ? 1 : 0

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

# Lambda writes there in the function's name, and refuses a destination that the function's role can't write to.
resource "aws_lambda_function_event_invoke_config" "cancel" {
  for_each = local.names

  function_name = each.value

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_cancellation[0].arn
    }
  }
}
