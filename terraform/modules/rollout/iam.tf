locals {
  # By names, because the machine needs its role before it exists.
  machine_arn = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${var.name}"

  # What a feature calls, where it is in use. X-Ray knows no resources.
  features = [for feature in [
    {
      in_use = local.is_rollout
      statement = {
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = ["arn:${local.partition}:events:${local.region}:${local.account}:event-bus/default"]
      }
    },
    {
      in_use = local.is_rollout && var.history_table
      statement = {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = ["arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${local.history_table}"]
      }
    },
    {
      in_use = var.tracing_enabled
      statement = {
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]
        Resource = ["*"]
      }
    },
  ] : feature.statement if feature.in_use]
}

resource "aws_iam_role" "machine" {
  name = "${var.name}-state-machine"
  tags = var.tags

  # Step Functions says its account and its machine when it takes a role: no other account's machine gets
  # this one, and none whose name begins like this one's. A version or an alias has the machine's ARN, a colon and a word.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = [local.machine_arn, "${local.machine_arn}:*"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "machine" {
  name = "${var.name}-state-machine"
  role = aws_iam_role.machine.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = values(var.functions)
      },
      {
        # Log delivery knows no resources.
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
        ]
        Resource = ["*"]
      },
    ], local.features)
  })
}
