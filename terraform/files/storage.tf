resource "aws_efs_file_system" "files" {
  creation_token   = var.name
  encrypted        = true
  performance_mode = "generalPurpose"
  throughput_mode  = var.throughput_mode

  tags = { Name = var.name }
}

resource "aws_efs_mount_target" "files" {
  for_each = local.subnets

  file_system_id  = aws_efs_file_system.files.id
  subnet_id       = aws_subnet.private[each.key].id
  security_groups = [aws_security_group.efs.id]
}

# All that the functions do there they do as this user, below this folder.
resource "aws_efs_access_point" "lambda" {
  file_system_id = aws_efs_file_system.files.id

  posix_user {
    uid = 1000
    gid = 1000
  }

  root_directory {
    path = "/lambda"
    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "755"
    }
  }

  tags = { Name = var.name }
}

# What is put below models/ is brought to EFS. There is no marker object for that folder: it would be the first to be brought.
resource "aws_s3_bucket" "files" {
  bucket_prefix = "${var.name}-"
}

resource "aws_s3_bucket_public_access_block" "files" {
  bucket                  = aws_s3_bucket.files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# S3's own keys: the tag of an object is then that of its content, by which the producer knows what it has.
resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_notification" "models" {
  bucket = aws_s3_bucket.files.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.function["producer"].arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "models/"
  }

  depends_on = [aws_lambda_permission.s3]
}

# S3's messages that the producer could not deal with, three attempts long.
resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "producer" {
  function_name          = aws_lambda_function.function["producer"].function_name
  maximum_retry_attempts = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  # Lambda looks whether the function may write there.
  depends_on = [aws_iam_role_policy.function]
}
