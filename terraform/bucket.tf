# A bucket for what an answer or an environment can't hold: long results, a large topology, many waves. Only where it is
# needed.

locals {
  # Lambda takes 4096 bytes of environment; the rest is for SDWAN_RESULTS.
  environment_room = 4096 - 160
  # In bytes, of which Base64 makes four of three.
  environment_sizes = { for name, environment in local.inline_environment : name => length(base64encode(jsonencode(environment))) * 3 / 4 }
  topology_size     = length(base64encode(jsonencode(jsonencode(var.topology)))) * 3 / 4

  # The topology goes first. What takes its place, and that of the waves, has less than 200 bytes.
  topology_in_bucket = anytrue([for size in values(local.environment_sizes) : size > local.environment_room])
  waves_in_bucket    = local.is_rollout && local.environment_sizes["phase1"] - local.topology_size + 200 > local.environment_room
  has_bucket         = local.is_rollout || local.topology_in_bucket

  # One version of each: functions and document change together.
  topology_uri = join("", [for object in aws_s3_object.topology : "s3://${object.bucket}/${object.key}?versionId=${object.version_id}"])
  waves_uri    = join("", [for object in aws_s3_object.waves : "s3://${object.bucket}/${object.key}?versionId=${object.version_id}"])

  bucket_use = [for use in [
    {
      in_use    = local.has_bucket
      statement = { Effect = "Allow", Action = "s3:PutObject", Resource = "${join("", aws_s3_bucket.data[*].arn)}/results/*" }
    },
    {
      in_use    = local.topology_in_bucket
      statement = { Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "${join("", aws_s3_bucket.data[*].arn)}/topology.json" }
    },
    {
      in_use    = local.waves_in_bucket
      statement = { Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "${join("", aws_s3_bucket.data[*].arn)}/waves.json" }
    },
  ] : use.statement if use.in_use]
}

resource "aws_s3_bucket" "data" {
  count = local.has_bucket ? 1 : 0

  bucket_prefix = "${var.name}-"

  # The functions' logs have everything too: results don't keep the root from being destroyed.
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "data" {
  count = local.has_bucket ? 1 : 0

  bucket                  = aws_s3_bucket.data[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  count = local.has_bucket ? 1 : 0

  bucket = aws_s3_bucket.data[0].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "data" {
  count = local.has_bucket ? 1 : 0

  bucket = aws_s3_bucket.data[0].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  count = local.has_bucket ? 1 : 0

  bucket = aws_s3_bucket.data[0].id
  rule {
    id     = "results"
    status = "Enabled"
    filter {
      prefix = "results/"
    }
    expiration {
      days = var.results_expiry_days
    }
  }
  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = var.results_expiry_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_object" "topology" {
  count = local.topology_in_bucket ? 1 : 0

  bucket       = aws_s3_bucket.data[0].id
  key          = "topology.json"
  content      = jsonencode(var.topology)
  content_type = "application/json"

  dynamic "override_provider" {
    for_each = length(var.tags) > local.most_object_tags ? [1] : []
    content {
      default_tags {
        tags = {}
      }
    }
  }

  # Without versions it would have no version to name.
  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_object" "waves" {
  count = local.waves_in_bucket ? 1 : 0

  bucket       = aws_s3_bucket.data[0].id
  key          = "waves.json"
  content      = module.rollout.waves
  content_type = "application/json"

  dynamic "override_provider" {
    for_each = length(var.tags) > local.most_object_tags ? [1] : []
    content {
      default_tags {
        tags = {}
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}
