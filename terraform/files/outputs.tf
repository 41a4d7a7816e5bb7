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
