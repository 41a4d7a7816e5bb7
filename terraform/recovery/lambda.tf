locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  zip       = "${var.zip_directory}/recovery.zip"

  # What the variables of a function may take together: AWS, 4 KB.
  environment = {
    RECOVERY_NAME           = var.name
    RECOVERY_WAVES          = module.rollout.waves
    RECOVERY_ONLINE_TIMEOUT = tostring(var.online_timeout)
  }
}

# Made here and not by Lambda itself, which would keep the logs for ever.
resource "aws_cloudwatch_log_group" "recovery" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "recovery" {
  function_name    = var.name
  role             = aws_iam_role.recovery.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = local.zip
  source_code_hash = try(filebase64sha256(local.zip), null)
  timeout          = 120
  memory_size      = 256

  environment {
    variables = local.environment
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.recovery.name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "INFO"
  }

  # The hash passes over a missing zip, so that nothing but an apply needs one.
  lifecycle {
    precondition {
      condition     = fileexists(local.zip)
      error_message = "There is no ${local.zip}: run scripts/package recovery, or set zip_directory."
    }
    precondition {
      condition     = length(jsonencode(local.environment)) <= 3900
      error_message = "The default waves take ${length(module.rollout.waves)} bytes, and a function's variables hold 4 KB: name groups instead of servers, or give the waves with each execution."
    }
  }

  depends_on = [aws_iam_role_policy.recovery, aws_iam_role_policy.launching]
}
