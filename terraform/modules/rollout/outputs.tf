output "arn" {
  description = "The state machine."
  value       = aws_sfn_state_machine.machine.arn
}

output "execution_failures" {
  description = "Step Functions' own events of executions that ended without success: a rule's pattern."
  value       = local.execution_without_success
}

output "failed_cancellation_arn" {
  description = "The queue of cancellations that failed, which a machine with a ready definition does not have; a function's role must allow sqs:SendMessage on it."
  # Without asking whether there is one: that would make the role need the functions, which need the role.
  value = local.failed_cancellation_arn
}

output "history_table" {
  description = "The table of executions and waves; null where there is none."
  value       = one(aws_dynamodb_table.history[*].name)
}

output "command_documents" {
  description = "The SSM documents of the default waves' commands; nobody may send others."
  value       = distinct([for each in flatten(local.waves[*].commands) : try(tostring(each.command.document), "")])
}

output "definition" {
  description = "The machine's definition."
  value       = aws_sfn_state_machine.machine.definition
}

output "alarm_actions" {
  description = "What alarms tell: for the deployment's own alarms too, which further_alarms names so that the topic takes them."
  value       = local.alarm_actions
}
