# What the function may do itself; iam-launching.tf has what the service does in its name.

locals {
  drs = "arn:${local.partition}:drs:${var.home_region}:${local.account}"
  ec2 = "arn:${local.partition}:ec2:${var.home_region}:${local.account}"
  ssm = "arn:${local.partition}:ssm:${var.home_region}:${local.account}"

  # AWS's own documents belong to no account; nobody else's may have a name that begins like theirs.
  document_arns = [for document in module.rollout.command_documents :
    startswith(document, "arn:") ? document :
    "arn:${local.partition}:ssm:${var.home_region}:${can(regex("(?i)^(aws|amazon|amzn)", document)) ? "" : local.account}:document/${document}"
  ]
  # Those that the default waves' commands name; an execution's own waves may name no others.
  command_instances = distinct(flatten([for wave in try([for wave in var.waves : wave], []) : [
    for commands in [try(wave.preCommands, []), try(wave.postCommands, [])] : [for command in try([for command in commands : command], []) : try(command.instances, [])]
  ]]))

  # No documents, no SendCommand.
  documents = [for statement in [
    { Effect = "Allow", Action = ["ssm:SendCommand", "ssm:DescribeDocument"], Resource = local.document_arns },
    { Effect = "Allow", Action = ["ssm:SendCommand"], Resource = [for id in local.command_instances : "${local.ec2}:instance/${id}"] },
    {
      # What the service launches has this tag, whatever its value.
      Effect    = "Allow"
      Action    = ["ssm:SendCommand"]
      Resource  = ["${local.ec2}:instance/*"]
      Condition = { StringLike = { "aws:ResourceTag/AWSElasticDisasterRecoveryManaged" = "*" } }
    },
    {
      # These know no resources.
      Effect   = "Allow"
      Action   = ["ssm:CancelCommand", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"]
      Resource = ["*"]
    },
  ] : statement if length(statement.Resource) > 0 && (length(local.document_arns) > 0 || contains(statement.Action, "ssm:ListCommands"))]
}

resource "aws_iam_role" "recovery" {
  name = "${var.name}-lambda"

  # No other account's function, though the service is the same.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "recovery" {
  name = "${var.name}-function"
  role = aws_iam_role.recovery.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Effect   = "Allow"
        Action   = ["drs:StartRecovery"]
        Resource = ["${local.drs}:source-server/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["drs:TerminateRecoveryInstances"]
        Resource = ["${local.drs}:recovery-instance/*"]
      },
      {
        # These know no resources.
        Effect   = "Allow"
        Action   = ["drs:DescribeJobLogItems", "drs:DescribeJobs", "drs:DescribeRecoveryInstances", "drs:DescribeSourceServers"]
        Resource = ["*"]
      },
      {
        # When an execution began, and which jobs were its own.
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:GetExecutionHistory"]
        Resource = ["arn:${local.partition}:states:${var.home_region}:${local.account}:execution:${var.name}:*"]
      },
      {
        # The path itself, and what is below it.
        Effect   = "Allow"
        Action   = ["ssm:GetParametersByPath"]
        Resource = ["${local.ssm}:parameter/${var.name}/groups", "${local.ssm}:parameter/${var.name}/groups/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.recovery.arn}:*"]
      },
      {
        # Lambda writes there in the function's name.
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [module.rollout.failed_cancellation_arn]
      },
    ], local.documents)
  })
}
