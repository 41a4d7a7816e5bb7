# Names of roles are the account's, not a region's: hosts of two regions need two names.

locals {
  # Who may take a role, and for whom: no other account's function, though the service is the same. Only what a service
  # says of itself when it takes a role can be asked for: Lambda says its account. EC2 says nothing; an instance can be
  # given a role of its own account only.
  trusted = {
    ec2    = {}
    lambda = { StringEquals = { "aws:SourceAccount" = local.account } }
  }
  trust = {
    for service, condition in local.trusted : service => jsonencode({
      Version = "2012-10-17"
      Statement = [merge(
        {
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "${service}.amazonaws.com" }
        },
        { for element, of in { Condition = condition } : element => of if length(of) > 0 },
      )]
    })
  }

  # Exactly the topology's instances. An inline policy holds about fifty of them;
  # above that the tag says which instances are this network's routers.
  send_by = length(local.routers) > 50 ? "tag" : "instance"
  send_to_instances = {
    instance = {
      Effect = "Allow"
      Action = "ssm:SendCommand"
      Resource = [
        for name, router in local.routers :
        "arn:${local.partition}:ec2:${router.region}:${local.account}:instance/${local.hosts[name].instance_id}"
      ]
    }
    tag = {
      Effect    = "Allow"
      Action    = "ssm:SendCommand"
      Resource  = [for region in local.regions : "arn:${local.partition}:ec2:${region}:${local.account}:instance/*"]
      Condition = { StringEquals = { "ssm:resourceTag/sdwan" = var.name } }
    }
  }

  # AWS's own documents belong to no account; nobody else's may have a name that begins like theirs.
  document_arns = distinct(flatten([for region in local.regions : [
    for document in concat(["AWS-RunShellScript"], module.rollout.command_documents) :
    startswith(document, "arn:") ? document :
    "arn:${local.partition}:ssm:${region}:${can(regex("(?i)^(aws|amazon|amzn)", document)) ? "" : local.account}:document/${document}"
  ]]))

  # Lambda writes there in the function's name.
  failed_cancellation_use = [for queue in [module.rollout.failed_cancellation_arn] : {
    Effect   = "Allow"
    Action   = "sqs:SendMessage"
    Resource = queue
  } if local.is_rollout]

  # X-Ray knows no resources.
  tracing = [for action in var.tracing_enabled ? [["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]] : [] :
    { Effect = "Allow", Action = action, Resource = "*" }
  ]

  prefix_path = trimsuffix(local.param_prefix, "/")
}

resource "aws_iam_role" "lambda" {
  name               = "${var.name}-lambda"
  assume_role_policy = local.trust["lambda"]
}

resource "aws_iam_role_policy" "lambda" {
  name = "${var.name}-lambda"
  role = aws_iam_role.lambda.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = local.document_arns
      },
      local.send_to_instances[local.send_by],
      {
        # These know no resources. DescribeParameters tells names, no values.
        Effect = "Allow"
        Action = [
          "ssm:DescribeParameters",
          "ssm:GetCommandInvocation",
          "ssm:DescribeInstanceInformation",
          "ssm:CancelCommand",
          "ssm:ListCommands",
          "ssm:ListCommandInvocations",
        ]
        Resource = "*"
      },
      {
        # The path itself, and what is below it.
        Effect = "Allow"
        Action = "ssm:GetParametersByPath"
        Resource = flatten([
          for region in local.regions : [
            "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.prefix_path}",
            "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.prefix_path}/*",
          ]
        ])
      },
      {
        # Both are asked for a group's streams.
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [for group in aws_cloudwatch_log_group.phase : "${group.arn}:*"]
      },
    ], local.bucket_use, local.failed_cancellation_use, local.tracing)
  })
}
