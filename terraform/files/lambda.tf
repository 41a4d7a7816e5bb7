locals {
  mount_path = "/mnt/efs"
  functions = {
    producer = { memory = 1024, environment = { MAX_FILE_BYTES = format("%d", var.max_file_bytes) } }
    consumer = { memory = 2048, environment = { ENABLE_S3_ARCHIVE = tostring(var.s3_archive_enabled) } }
  }
}

# Made here and not by Lambda itself, which would keep the logs for ever.
resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

# One package: its handler says which of the two functions it is.
resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  role             = aws_iam_role.function[each.key].arn
  runtime          = "provided.al2023"
  handler          = each.key
  architectures    = [var.architecture]
  filename         = var.zip
  source_code_hash = try(filebase64sha256(var.zip), null)
  timeout          = 300
  memory_size      = each.value.memory

  environment {
    variables = merge({ EFS_MOUNT_PATH = local.mount_path, S3_BUCKET_NAME = aws_s3_bucket.files.bucket }, each.value.environment)
  }

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [aws_security_group.functions.id]
  }

  file_system_config {
    arn              = aws_efs_access_point.lambda.arn
    local_mount_path = local.mount_path
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.function[each.key].name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "INFO"
  }

  # The hash passes over a missing zip, so that nothing but an apply needs one.
  lifecycle {
    precondition {
      condition     = fileexists(var.zip)
      error_message = "There is no ${var.zip}: scripts/package files makes it."
    }
  }

  # Lambda mounts the file system to look whether it can: in both zones it needs a way there.
  depends_on = [aws_efs_mount_target.files, aws_iam_role_policy.function, aws_vpc_security_group_ingress_rule.nfs, aws_vpc_security_group_egress_rule.nfs]
}

resource "aws_lambda_permission" "s3" {
  statement_id   = "s3"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.function["producer"].function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.files.arn
  source_account = local.account
}

resource "aws_lambda_permission" "api" {
  for_each = local.routes

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function[each.value].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.files.execution_arn}/*/POST/${each.key}"
}
