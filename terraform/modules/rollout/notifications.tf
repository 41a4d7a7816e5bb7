# Mail about what a person should know of an execution: an example of what rules on the events can do.

locals {
  notifies = var.notify_email == null ? 0 : 1

  # What is worth a mail, of the engine's own events where there are any, and of Step Functions' in any case: a machine
  # that is stopped can't tell of it itself.
  notified_events = {
    for name, rule in {
      engine = {
        in_use = local.is_rollout
        pattern = {
          source        = [var.event_source]
          "detail-type" = [for event in ["approval wanted", "step failed", "wave failed", "execution completed", "execution failed"] : "${var.title} ${event}"]
          detail        = { name = [var.name] }
        }
      }
      execution = { in_use = true, pattern = local.execution_without_success }
    } : name => jsonencode(rule.pattern) if rule.in_use && local.notifies > 0
  }
}

# EventBridge and CloudWatch can't use the key that AWS manages for SNS: its policy, which nobody can change, lets
# people in only. A key of one's own is what an encrypted topic needs to hear of events at all.
resource "aws_kms_key" "notifications" {
  count = local.notifies

  description             = "Messages of the topic ${var.name}-notifications."
  enable_key_rotation     = true
  deletion_window_in_days = 7
  tags                    = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "kms:*"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Resource  = "*"
      },
      {
        # No condition on the rule: EventBridge does not say which one it is when it uses a key. The topic's
        # policy does have it.
        Effect    = "Allow"
        Action    = ["kms:GenerateDataKey*", "kms:Decrypt"]
        Principal = { Service = ["events.amazonaws.com", "cloudwatch.amazonaws.com"] }
        Resource  = "*"
      },
    ]
  })
}

resource "aws_sns_topic" "notifications" {
  count = local.notifies

  name              = "${var.name}-notifications"
  kms_master_key_id = aws_kms_key.notifications[0].arn
  tags              = var.tags
}

resource "aws_sns_topic_policy" "notifications" {
  count = local.notifies

  arn = aws_sns_topic.notifications[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect    = "Allow"
        Action    = "sns:Publish"
        Principal = { Service = "events.amazonaws.com" }
        Resource  = aws_sns_topic.notifications[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = values(aws_cloudwatch_event_rule.notified)[*].arn } }
      }],
      # By their names, because the alarms name the topic; not by the beginning, which another deployment's may have too.
      [for alarms in var.alarms_enabled ? [local.alarm_arns] : [] : {
        Effect    = "Allow"
        Action    = "sns:Publish"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Resource  = aws_sns_topic.notifications[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = alarms } }
      }],
    )
  })
}

# Nothing is mailed until the address has confirmed it.
resource "aws_sns_topic_subscription" "email" {
  count = local.notifies

  topic_arn = aws_sns_topic.notifications[0].arn
  protocol  = "email"
  endpoint  = var.notify_email
}

resource "aws_cloudwatch_event_rule" "notified" {
  for_each = local.notified_events

  name          = "${var.name}-notify-${each.key}"
  description   = "What is worth a mail about the state machine ${var.name}."
  event_pattern = each.value
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "notified" {
  for_each = aws_cloudwatch_event_rule.notified

  rule = each.value.name
  arn  = aws_sns_topic.notifications[0].arn

  # Nothing can be published before the topic allows it.
  depends_on = [aws_sns_topic_policy.notifications]
}
