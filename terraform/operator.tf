# What a person needs who runs the network with sdwan: nothing that terraform apply needs, and no secret but the keys that
# rotate-psk changes. Attach it to a role or a user; sdwan doctor tries each of them.

locals {
  # In the order of the services' names.
  operator_statements = concat([
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
    {
      Sid      = "Functions"
      Effect   = "Allow"
      Action   = ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"]
      Resource = [for function in aws_lambda_function.phase : function.arn]
    },
    {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:FilterLogEvents"]
      Resource = [for group in aws_cloudwatch_log_group.phase : "${group.arn}:*"]
    },
    {
      Sid    = "Routers"
      Effect = "Allow"
      Action = ["ssm:GetParametersByPath"]
      Resource = flatten([
        for region in local.regions : [
          "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.prefix_path}",
          "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.prefix_path}/*",
        ]
      ])
    },
    {
      # The tunnels' keys: read to be put back where a new one fails.
      Sid    = "Keys"
      Effect = "Allow"
      Action = ["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"]
      Resource = flatten([
        for region in local.regions : [
          "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.secrets_prefix}vpn-psk",
          "arn:${local.partition}:ssm:${region}:${local.account}:parameter${local.secrets_prefix}vpn-psk/*",
        ]
      ])
    },
    {
      # sdwan exec.
      Sid      = "Commands"
      Effect   = "Allow"
      Action   = ["ssm:SendCommand"]
      Resource = [for region in local.regions : "arn:${local.partition}:ssm:${region}::document/AWS-RunShellScript"]
    },
    merge({ Sid = "Hosts" }, local.send_to_instances[local.send_by]),
    {
      Sid      = "Answers"
      Effect   = "Allow"
      Action   = ["ssm:CancelCommand", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations"]
      Resource = ["*"]
    },
    ], [for bucket in aws_s3_bucket.data : {
      # Results that did not fit into an execution, and the topology.
      Sid      = "Results"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${bucket.arn}/*"]
  }])
}

output "operator_policy" {
  description = "An IAM policy, as JSON, with what the operator's tool needs; attach it to whom runs the network."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.operator_statements })
}
