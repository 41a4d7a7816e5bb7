locals {
  phases = {
    phase1 = {
      timeout = 900
      environment = merge({
        SDWAN_ONLINE_TIMEOUT = tostring(var.online_timeout)
        SDWAN_RECREATE       = var.phase1_recreate
        VYOS_S3_BUCKET       = var.vyos_s3_bucket
        VYOS_S3_REGION       = var.vyos_s3_region
        VYOS_S3_KEY          = var.vyos_s3_key
      }, var.vyos_s3_sha256 == "" ? {} : { VYOS_S3_SHA256 = var.vyos_s3_sha256 })
    }
    phase2 = {
      timeout = 600
      environment = {
        # Which tunnels have keys of their own is asked of Parameter Store; hosts alone read keys.
        SDWAN_TUNNEL_KEYS    = "own"
        SDWAN_VERIFY_TIMEOUT = tostring(var.verify_timeout)
      }
    }
    phase3 = {
      timeout = 600
      environment = {
        # CloudWatch charges for each of them.
        SDWAN_TUNNEL_METRICS = tostring(local.is_scheduled)
        SDWAN_VERIFY_TIMEOUT = tostring(var.verify_timeout)
      }
    }
  }

  # jsonencode(var.topology) is what the functions decode.
  inline_environment = {
    for name, phase in local.phases : name => merge({
      SDWAN_NAME        = var.name
      SDWAN_REGIONS     = join(",", local.regions)
      SDWAN_TOPOLOGY    = jsonencode(var.topology)
      SSM_PARAM_PREFIX  = local.param_prefix
      SSM_POLL_INTERVAL = tostring(var.ssm_poll_interval)
      SSM_TIMEOUT       = tostring(var.ssm_timeouts[name])
      VYOS_VERSION      = var.vyos_version
      }, phase.environment,
      # What the admission, which is phase 1's function, takes where an execution brings no waves.
      local.is_rollout && name == "phase1" ? { SDWAN_WAVES = module.rollout.waves } : {},
    )
  }
  phase_environment = {
    for name, environment in local.inline_environment : name => merge(
      environment,
      local.topology_in_bucket ? { SDWAN_TOPOLOGY = local.topology_uri } : {},
      local.waves_in_bucket && name == "phase1" ? { SDWAN_WAVES = local.waves_uri } : {},
      local.has_bucket ? { SDWAN_RESULTS = "s3://${aws_s3_bucket.data[0].bucket}/results" } : {},
    )
  }
}

# Made here and not by Lambda itself, which would keep the logs for ever.
resource "aws_cloudwatch_log_group" "phase" {
  for_each = local.phases

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "phase" {
  for_each = local.phases

  function_name    = "${var.name}-${each.key}"
  role             = aws_iam_role.lambda.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = "${var.zip_directory}/${each.key}.zip"
  source_code_hash = try(filebase64sha256("${var.zip_directory}/${each.key}.zip"), null)
  timeout          = each.value.timeout
  memory_size      = 256

  environment {
    variables = local.phase_environment[each.key]
  }

  dynamic "tracing_config" {
    for_each = var.tracing_enabled ? ["Active"] : []
    content {
      mode = tracing_config.value
    }
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.phase[each.key].name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "INFO"
  }

  # The hash passes over a missing zip, so that nothing but an apply needs one.
  lifecycle {
    precondition {
      condition     = fileexists("${var.zip_directory}/${each.key}.zip")
      error_message = "There is no ${var.zip_directory}/${each.key}.zip: run scripts/package, or set zip_directory."
    }
  }

  depends_on = [aws_iam_role_policy.lambda]
}
