output "state_machine_arn" {
  description = "The state machine that upgrades waves of clusters."
  value       = module.rollout.arn
}

output "start_execution_command" {
  description = "Shows what an upgrade would do; without the mode it does it."
  value       = "aws stepfunctions start-execution --region ${var.home_region} --state-machine-arn ${module.rollout.arn} --input '{\"target\": \"1.33\", \"mode\": \"plan\"}'"
}

output "history_table" {
  description = "The table of executions and waves."
  value       = module.rollout.history_table
}

output "operator_policy" {
  description = "An IAM policy, as JSON, with what the operator's tool needs; attach it to whom upgrades clusters."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Executions"
        Effect   = "Allow"
        Action   = ["states:DescribeStateMachine", "states:ListExecutions", "states:StartExecution"]
        Resource = [module.rollout.arn]
      },
      {
        Sid      = "OneExecution"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:GetExecutionHistory", "states:StopExecution"]
        Resource = ["${replace(module.rollout.arn, ":stateMachine:", ":execution:")}:*"]
      },
      {
        # An approval's token stands for itself, and machines are listed before one is known.
        Sid      = "Approvals"
        Effect   = "Allow"
        Action   = ["states:ListStateMachines", "states:SendTaskFailure", "states:SendTaskSuccess"]
        Resource = ["*"]
      },
    ]
  })
}
