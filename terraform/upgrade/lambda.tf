# One package, five functions: which one it is, the handler says.

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  zip       = "${var.zip_directory}/upgrade.zip"

  functions = toset(["perception", "reasoning", "execution", "validation", "rollback"])

  # Without what is null, as the functions decode it.
  clusters = { for name, cluster in var.clusters : name => { for field, value in {
    health  = cluster.health
    traffic = cluster.traffic == null ? null : { for key, value in cluster.traffic : key => value if value != null }
  } : field => value if value != null } }

  # What the variables of a function may take together: AWS, 4 KB.
  environment = {
    UPGRADE_NAME     = var.name
    UPGRADE_CLUSTERS = jsonencode(local.clusters)
    UPGRADE_WAVES    = module.rollout.waves
  }
}

# Made here and not by Lambda itself, which would keep the logs for ever.
resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  role             = aws_iam_role.function[each.key].arn
  runtime          = "provided.al2023"
  handler          = each.key
  architectures    = [var.architecture]
  filename         = local.zip
  source_code_hash = try(filebase64sha256(local.zip), null)
  timeout          = 120
  memory_size      = 256

  environment {
    variables = merge(local.environment, { for name, model in { UPGRADE_ADVICE_MODEL = var.advice_model } : name => model if model != null && each.key == "reasoning" })
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
      condition     = fileexists(local.zip)
      error_message = "There is no ${local.zip}: run scripts/package upgrade, or set zip_directory."
    }
    precondition {
      condition     = length(jsonencode(local.environment)) <= 3900
      error_message = "The clusters and the default waves take ${length(jsonencode(local.environment))} bytes, and a function's variables hold 4 KB: give the waves with each execution, or make two deployments."
    }
  }

  depends_on = [aws_iam_role_policy.function]
}
