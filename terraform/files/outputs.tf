output "file_system_id" {
  description = "The file system."
  value       = aws_efs_file_system.files.id
}

output "access_point_arn" {
  description = "How the functions reach it."
  value       = aws_efs_access_point.lambda.arn
}

output "security_group_ids" {
  description = "The groups of the functions and of the file system."
  value       = { functions = aws_security_group.functions.id, efs = aws_security_group.efs.id }
}

output "subnet_ids" {
  description = "The private subnets."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "bucket" {
  description = "What is put here below models/ is brought to EFS."
  value       = aws_s3_bucket.files.bucket
}

output "api_url" {
  description = "POST /ingest and /predict are below it."
  value       = aws_api_gateway_stage.prod.invoke_url
}

output "api_id" {
  description = "The API."
  value       = aws_api_gateway_rest_api.files.id
}

output "function_arns" {
  description = "producer and consumer."
  value       = { for name, function in aws_lambda_function.function : name => function.arn }
}

output "failed_queue_url" {
  description = "Where S3's messages end that the producer could not deal with."
  value       = aws_sqs_queue.failed.url
}

output "demo_command" {
  description = "Shows it all."
  value       = "sdwan files demo --name ${var.name} --region ${var.home_region}"
}

output "operator_policy" {
  description = "An IAM policy, as JSON, with what the operator's tool needs for the demonstration; attach it to whom shows it."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The API itself is open: it is only looked up by its name.
        Sid      = "Address"
        Effect   = "Allow"
        Action   = ["apigateway:GET"]
        Resource = ["arn:${local.partition}:apigateway:${var.home_region}::/restapis"]
      },
      {
        Sid      = "Deployment"
        Effect   = "Allow"
        Action   = ["lambda:GetFunctionConfiguration"]
        Resource = [aws_lambda_function.function["producer"].arn]
      },
      {
        Sid      = "Object"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["${aws_s3_bucket.files.arn}/models/demo/*"]
      },
      {
        Sid      = "Listing"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [aws_lambda_function.function["consumer"].arn]
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:FilterLogEvents"]
        Resource = [for group in aws_cloudwatch_log_group.function : "${group.arn}:*"]
      },
    ]
  })
}
