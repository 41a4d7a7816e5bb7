# Names of roles are the account's, not a region's: hosts of two regions need two names.

locals {
  # Who may take a role, and for whom: no other account's function or state machine, though the service is the same.
  # Only what a service says of itself when it takes a role can be asked for: Lambda says its account, Step Functions
  # its account and its machine. EC2 says neither; an instance can be given a role of its own account only.
  trusted = {
    ec2    = {}
    lambda = { StringEquals = { "aws:SourceAccount" = local.account } }
    states = {
      StringEquals = { "aws:SourceAccount" = local.account }
      ArnLike      = { "aws:SourceArn" = "${local.machine_arn}*" }
    }
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
  # above that the tag says which instances are routers.
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
      Condition = { StringLike = { "ssm:resourceTag/sdwan" = "?*" } }
    }
  }

  # X-Ray knows no resources.
  tracing = [for action in var.tracing_enabled ? [["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]] : [] :
    { Effect = "Allow", Action = action, Resource = "*" }
  ]

  prefix_path = trimsuffix(var.ssm_param_prefix, "/")
}

# --- The functions

resource "aws_iam_role" "lambda" {
  name               = "sdwan-lambda"
  assume_role_policy = local.trust["lambda"]
}

resource "aws_iam_role_policy" "lambda" {
  name = "sdwan-lambda"
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
        # These four know no resources.
        Effect = "Allow"
        Action = [
          "ssm:GetCommandInvocation",
          "ssm:DescribeInstanceInformation",
          "ssm:CancelCommand",
          "ssm:ListCommands",
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

# --- The state machine

locals {
  # By names, because the machine needs its role before it exists.
  machine_arn    = "arn:${local.partition}:states:us-east-1:${local.account}:stateMachine:${local.machine_name}"
  executions_arn = "arn:${local.partition}:states:us-east-1:${local.account}:execution:${local.machine_name}"

  # What a feature calls, where it is in use.
  state_machine_features = [for feature in [
    {
      in_use = local.sends_events
      statement = {
        Effect   = "Allow"
        Action   = "events:PutEvents"
        Resource = "arn:${local.partition}:events:us-east-1:${local.account}:event-bus/default"
      }
    },
    # A Distributed Map starts its own machine again, and a redrive goes on with its executions.
    {
      in_use = anytrue(local.waves[*].distributed)
      statement = {
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = local.machine_arn
      }
    },
    {
      in_use = anytrue(local.waves[*].distributed)
      statement = {
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"]
        Resource = "${local.executions_arn}/*"
      }
    },
  ] : feature.statement if feature.in_use]
}

resource "aws_iam_role" "state_machine" {
  name               = "sdwan-state-machine"
  assume_role_policy = local.trust["states"]
}

resource "aws_iam_role_policy" "state_machine" {
  name = "sdwan-state-machine"
  role = aws_iam_role.state_machine.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for function in aws_lambda_function.phase : function.arn]
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
        Resource = "*"
      },
    ], local.state_machine_features, local.tracing)
  })
}
