output "function_name" {
  description = "The function."
  value       = aws_lambda_function.worker.function_name
}

output "invoke_command" {
  description = "Calls it."
  value       = "aws lambda invoke --region ${var.region} --function-name ${local.name} --cli-binary-format raw-in-base64-out --payload '{\"limit\": 90}' /dev/stdout"
}
