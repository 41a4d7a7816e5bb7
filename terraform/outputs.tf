output "state_machine_arn" {
  description = "The state machine that runs the three phases."
  value       = module.rollout.arn
}

output "start_execution_command" {
  description = "Starts an execution."
  value       = "aws stepfunctions start-execution --region ${var.home_region} --state-machine-arn ${module.rollout.arn} --input '{}'"
}

output "function_names" {
  description = "Phase => the function's name."
  value       = { for name, function in aws_lambda_function.phase : name => function.function_name }
}

output "routers" {
  description = "Router => its region, role, loopback, ASN and host."
  # A map's type is written once, an object's for each router; Terraform writes the state often.
  value = tomap({ for name, router in local.routers : name => merge(router, local.hosts[name]) })
}

output "secret_parameter_names" {
  description = "The parameters that a host reads in its own region."
  value       = formatlist("${local.secrets_prefix}%s", local.secret_names)
}
