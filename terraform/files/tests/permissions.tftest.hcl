# What each function may, and nothing more.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  zip = "tests/zips/files.zip"
}

run "as_little_as_possible" {
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.function["producer"].policy).Statement : statement.Action if statement.Effect == "Allow" && statement.Resource != "*"])) == toset(["s3:GetObject", "s3:ListBucket", "sqs:SendMessage", "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "logs:CreateLogStream", "logs:PutLogEvents"])
    error_message = "the producer reads the bucket, writes to the file system, its log and its queue"
  }

  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.function["consumer"].policy).Statement : statement.Action if statement.Effect == "Allow" && statement.Resource != "*"])) == toset(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "logs:CreateLogStream", "logs:PutLogEvents"])
    error_message = "the consumer has no part in S3"
  }

  assert {
    condition = alltrue([for policy in aws_iam_role_policy.function : alltrue([
      for statement in jsondecode(policy.policy).Statement : try(statement.Condition.StringEquals["elasticfilesystem:AccessPointArn"], "") == aws_efs_access_point.lambda.arn
      if contains(flatten([statement.Action]), "elasticfilesystem:ClientMount")
    ])])
    error_message = "the file system is mounted through the access point only"
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.function : toset(flatten([for statement in jsondecode(policy.policy).Statement : statement.Action if statement.Resource == "*" && statement.Effect == "Allow"])) == toset(flatten([for statement in jsondecode(policy.policy).Statement : statement.Action if statement.Effect == "Deny"]))])
    error_message = "what Lambda does on everything the function's code may not"
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.function : jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"])
    error_message = "the roles are this account's functions'"
  }
}

run "what_the_tool_needs" {
  assert {
    condition = { for statement in jsondecode(output.operator_policy).Statement : statement.Action[0] => statement.Resource } == {
      "apigateway:GET"                  = ["arn:aws:apigateway:us-east-1::/restapis"]
      "lambda:GetFunctionConfiguration" = [aws_lambda_function.function["producer"].arn]
      "s3:PutObject"                    = ["arn:aws:s3:::mocked/models/demo/*"]
      "lambda:InvokeFunction"           = [aws_lambda_function.function["consumer"].arn]
      "logs:FilterLogEvents"            = [for group in aws_cloudwatch_log_group.function : "${group.arn}:*"]
    }
    error_message = "who shows it asks for the API, one function's settings, the listing and the logs, and puts one object"
  }
}

run "with_an_archive" {
  variables {
    s3_archive_enabled = true
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.function["consumer"].policy).Statement : statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")] == ["arn:aws:s3:::mocked/outputs/*"]
    error_message = "results go below outputs/"
  }

  assert {
    condition     = one(aws_lambda_function.function["consumer"].environment).variables.ENABLE_S3_ARCHIVE == "true"
    error_message = "the consumer is told"
  }
}
