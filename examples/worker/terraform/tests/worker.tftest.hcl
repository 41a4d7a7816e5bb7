# The function, and every right that it has.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:mocked" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
}

variables {
  zip = "main.tf"
  hosts = {
    web1 = { region = "us-east-1", instance = "i-0123456789abcdef0" }
    web2 = { region = "us-east-1", instance = "i-0123456789abcdef1" }
    db   = { region = "eu-central-1", instance = "i-01234567" }
  }
}

run "rights" {
  assert {
    condition = jsondecode(aws_iam_role_policy.worker.policy).Statement == [
      {
        Effect = "Allow"
        Action = "ssm:SendCommand"
        Resource = [
          "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
          "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
          "arn:aws:ec2:eu-central-1:111122223333:instance/i-01234567",
          "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
          "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef1",
        ]
      },
      {
        Effect   = "Allow"
        Action   = ["ssm:GetCommandInvocation", "ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:CancelCommand"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:us-east-1:111122223333:log-group:mocked:*"
      },
    ]
    error_message = "The role may do something else than send its document to the hosts, ask and log."
  }

  assert {
    condition     = jsondecode(aws_iam_role.worker.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "Lambda may take the role for another account."
  }
}

run "function" {
  assert {
    condition     = aws_lambda_function.worker.runtime == "provided.al2023" && aws_lambda_function.worker.handler == "bootstrap"
    error_message = "The function is no custom runtime."
  }

  assert {
    condition     = aws_lambda_function.worker.environment[0].variables.FLEET_HOSTS == "db=eu-central-1/i-01234567 web1=us-east-1/i-0123456789abcdef0 web2=us-east-1/i-0123456789abcdef1"
    error_message = "The function does not know the hosts."
  }

  assert {
    condition     = tonumber(aws_lambda_function.worker.environment[0].variables.SSM_TIMEOUT) < aws_lambda_function.worker.timeout
    error_message = "The function ends before its commands do."
  }
}

run "no_package" {
  command = plan
  variables { zip = "nothing.zip" }
  expect_failures = [aws_lambda_function.worker]
}

run "no_hosts" {
  command = plan
  variables { hosts = {} }
  expect_failures = [var.hosts]
}

run "too_many_hosts" {
  command = plan
  variables {
    hosts = { for number in range(1000, 1120) : "web${number}" => { region = "us-east-1", instance = "i-0123456789abc${number}" } }
  }
  expect_failures = [aws_lambda_function.worker]
}

run "a_name_that_is_none" {
  command = plan
  variables {
    hosts = { "web 1" = { region = "us-east-1", instance = "i-0123456789abcdef0" } }
  }
  expect_failures = [var.hosts]
}

run "an_instance_that_is_a_wildcard" {
  command = plan
  variables {
    hosts = { web = { region = "us-east-1", instance = "i-*" } }
  }
  expect_failures = [var.hosts]
}

run "a_region_that_is_none" {
  command = plan
  variables {
    hosts = { web = { region = "us-east-1.evil", instance = "i-0123456789abcdef0" } }
  }
  expect_failures = [var.hosts]
}

run "a_region_of_its_own_that_is_none" {
  command = plan
  variables { region = "*" }
  expect_failures = [var.region]
}

run "an_architecture_that_is_none" {
  command = plan
  variables { architecture = "mips" }
  expect_failures = [var.architecture]
}
