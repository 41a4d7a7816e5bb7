locals {
  name      = "disks"
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # As the function reads it.
  fleet = join(" ", [for name, host in var.hosts : "${name}=${host.region}/${host.instance}"])
}

# Made here and not by Lambda itself, which would keep the logs for ever.
resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = 30
}

resource "aws_lambda_function" "worker" {
  function_name    = local.name
  role             = aws_iam_role.worker.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = var.zip
  source_code_hash = try(filebase64sha256(var.zip), null)
  timeout          = 120
  memory_size      = 128

  environment {
    variables = {
      FLEET_HOSTS = local.fleet
      SSM_TIMEOUT = "60"
    }
  }

  logging_config {
    log_group  = aws_cloudwatch_log_group.worker.name
    log_format = "JSON"
  }

  # The hash passes over a missing zip, so that nothing but an apply needs one.
  lifecycle {
    precondition {
      condition     = length(local.fleet) <= 3900
      error_message = "The hosts take ${length(local.fleet)} bytes, and a function's variables hold 4 KB: about 100 hosts. Leave some out, or let the function read them from Parameter Store."
    }
    precondition {
      condition     = fileexists(var.zip)
      error_message = "There is no ${var.zip}: scripts/package --package-path examples/worker makes it."
    }
  }

  depends_on = [aws_iam_role_policy.worker]
}

resource "aws_iam_role" "worker" {
  name = local.name

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

resource "aws_iam_role_policy" "worker" {
  name = local.name
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # One document, on these instances.
        Effect = "Allow"
        Action = "ssm:SendCommand"
        Resource = concat(
          [for region in sort(distinct(values(var.hosts)[*].region)) : "arn:${local.partition}:ssm:${region}::document/AWS-RunShellScript"],
          [for host in values(var.hosts) : "arn:${local.partition}:ec2:${host.region}:${local.account}:instance/${host.instance}"],
        )
      },
      {
        # These know no resources. The lists find a command whose answer was lost, and tell how many commands stand at once;
        # what takes too long is stopped.
        Effect   = "Allow"
        Action   = ["ssm:GetCommandInvocation", "ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:CancelCommand"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.worker.arn}:*"
      },
    ]
  })
}
