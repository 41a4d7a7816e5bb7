# Disaster recovery's root: what it refuses, what it makes, and what its function may.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:111122223333:function:recovery" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:mocked" }
  }
  mock_resource "aws_sfn_state_machine" {
    defaults = { arn = "arn:aws:states:us-east-1:111122223333:stateMachine:recovery" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:111122223333:rule/mocked" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111122223333:mocked" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:111122223333:mocked" }
  }
}

variables {
  # Any file of that name does, as nothing is applied.
  zip_directory = "tests/zips"
  groups        = { db = { tag = { Tier = "db" } }, web = { servers = ["s-0123456789abcdef0"] } }
  waves = [
    { name = "data", groups = ["db"], preCommands = [{ document = "Acme-Freeze", instances = ["i-0123456789abcdef0"] }] },
    { name = "front", groups = ["web"], dependsOn = ["data"], pauseBefore = true, postCommands = [{ document = "AWS-RunShellScript" }] },
  ]
}

run "what_it_makes" {
  command = apply

  assert {
    condition     = aws_ssm_parameter.group["db"].name == "/recovery/groups/db" && jsondecode(aws_ssm_parameter.group["db"].value) == { tag = { Tier = "db" } } && jsondecode(aws_ssm_parameter.group["web"].value) == ["s-0123456789abcdef0"]
    error_message = "The groups are not where the function reads them."
  }

  assert {
    condition     = jsondecode(aws_lambda_function.recovery.environment[0].variables.RECOVERY_WAVES)[0].preCommands[0].instances == ["i-0123456789abcdef0"]
    error_message = "The default waves do not reach the function."
  }

  assert {
    condition     = !strcontains(jsonencode(aws_lambda_function.recovery.environment), "execution_type")
    error_message = "A deployment says whether it is a drill: only an execution may."
  }

  assert {
    condition     = output.history_table == "recovery-history"
    error_message = "There is no history."
  }
}

run "what_its_function_may" {
  command = apply

  # StartRecovery alone isn't enough, and only EC2 may get a role of the service's.
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.launching.policy).Statement :
      !contains(statement.Action, "iam:PassRole") || (
        alltrue([for role in statement.Resource : startswith(role, "arn:aws:iam::111122223333:role/service-role/AWSElasticDisasterRecovery")])
        && try(statement.Condition.StringEquals["iam:PassedToService"] == "ec2.amazonaws.com", false)
    )])
    error_message = "It may pass roles that are not the service's."
  }

  # What changes something in EC2 it may through the service only.
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.launching.policy).Statement :
      try(statement.Condition.Bool["aws:ViaAWSService"] == "true", false)
      if length([for action in statement.Action : action if startswith(action, "ec2:") && !startswith(action, "ec2:Describe") && !startswith(action, "ec2:Get")]) > 0
    ])
    error_message = "It may change something in EC2 by itself."
  }

  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.recovery.policy).Statement : statement.Resource if contains(statement.Action, "ssm:SendCommand")])) == toset([
      "arn:aws:ssm:us-east-1:111122223333:document/Acme-Freeze", "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
      "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0", "arn:aws:ec2:us-east-1:111122223333:instance/*",
    ])
    error_message = "It may send other documents, or to others, than the default waves say."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.recovery.policy).Statement : statement.Resource != ["*"] || alltrue([for action in statement.Action : can(regex(":(Cancel|Describe|Get|List)", action))])])
    error_message = "A star where resources could be named."
  }
}

run "without_documents" {
  command = apply

  variables {
    waves = []
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.recovery.policy, "ssm:SendCommand")
    error_message = "It may send commands though no wave has any."
  }
}

run "another_name" {
  command = apply

  variables {
    name = "dr-west"
  }

  assert {
    condition     = aws_lambda_function.recovery.function_name == "dr-west" && aws_ssm_parameter.group["db"].name == "/dr-west/groups/db" && aws_lambda_function.recovery.environment[0].variables.RECOVERY_NAME == "dr-west"
    error_message = "Not everything is called by the name."
  }
}

run "no_rollback" {
  command = plan

  variables {
    waves = [{ name = "data", groups = ["db"], onFailure = "rollback" }]
  }

  expect_failures = [var.waves]
}

run "no_server" {
  command = plan

  variables {
    waves = [{ name = "data", servers = ["i-0123456789abcdef0"] }]
  }

  expect_failures = [var.waves]
}

run "no_group" {
  command = plan

  variables {
    groups = { db = {} }
  }

  expect_failures = [var.groups]
}

run "no_name" {
  command = plan

  variables {
    name = "SSM"
  }

  expect_failures = [var.name]
}

run "too_many_waves" {
  command = plan

  variables {
    waves = [for number in range(100) : { name = "wave-${number}", servers = [format("s-%017d", number)] }]
  }

  expect_failures = [aws_lambda_function.recovery]
}
