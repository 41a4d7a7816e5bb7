mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/r" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:g" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:upgrade-f" }
  }
  mock_resource "aws_sfn_state_machine" {
    defaults = { arn = "arn:aws:states:us-east-1:123456789012:stateMachine:upgrade" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:upgrade-failed-cancellation" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:123456789012:rule/upgrade" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:upgrade" }
  }
}

variables {
  # Only the package's presence is asked for, and no zip is made for a plan.
  zip_directory = "tests/zips"
  clusters = {
    dev  = {}
    prod = { health = ["https://prod.example.com/healthz"] }
  }
}

run "five_functions_of_one_package" {
  command = plan

  assert {
    condition     = { for name, function in aws_lambda_function.function : function.function_name => function.handler } == { for name in ["perception", "reasoning", "execution", "validation", "rollback"] : "upgrade-${name}" => name }
    error_message = "A function is chosen by its handler."
  }

  assert {
    condition     = jsondecode(aws_lambda_function.function["perception"].environment[0].variables.UPGRADE_CLUSTERS) == { dev = {}, prod = { health = ["https://prod.example.com/healthz"] } }
    error_message = "What is null is left out."
  }
}

run "what_looks_changes_nothing" {
  command = apply

  assert {
    condition = alltrue([for name in ["perception", "reasoning", "validation"] : alltrue([
      for action in flatten([for statement in jsondecode(aws_iam_role_policy.function[name].policy).Statement : statement.Action]) : !can(regex("^eks:(Update|Delete|Create)", action))
    ])])
    error_message = "Perception, reasoning and validation may not change a cluster."
  }

  assert {
    condition     = !contains(flatten([for statement in jsondecode(aws_iam_role_policy.function["execution"].policy).Statement : statement.Action]), "eks:DeleteCluster")
    error_message = "Without another cluster nobody may delete one."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.function["execution"].policy, "route53")
    error_message = "Without traffic nobody may change records."
  }

  assert {
    condition     = length(jsondecode(module.rollout.definition).States) > 0
    error_message = "The machine is the engine's."
  }
}

run "another_cluster" {
  command = apply

  variables {
    clusters = {
      dev = { traffic = { green = "dev-green", zone = "Z1", record = "api.example.com.", blue_identifier = "b", blue_value = "b.example.com", green_identifier = "g", green_value = "g.example.com" } }
    }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.function["execution"].policy).Statement : statement.Resource if contains(statement.Action, "eks:DeleteCluster")] == [["arn:aws:eks:us-east-1:123456789012:cluster/dev"]]
    error_message = "Only the cluster that gives its traffic away may be deleted."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.function["execution"].policy).Statement : statement.Resource if contains(statement.Action, "route53:ChangeResourceRecordSets")] == [["arn:aws:route53:::hostedzone/Z1"]]
    error_message = "Records of this zone only."
  }
}

run "no_clusters" {
  command = plan
  variables {
    clusters = {}
  }
  expect_failures = [var.clusters]
}

run "a_name_that_no_cluster_has" {
  command = plan
  variables {
    clusters = { "a cluster" = {} }
  }
  expect_failures = [var.clusters]
}

run "no_url" {
  command = plan
  variables {
    clusters = { dev = { health = ["prod.example.com"] } }
  }
  expect_failures = [var.clusters]
}

run "too_short_a_time" {
  command = plan
  variables {
    timeouts = { execution = 59 }
  }
  expect_failures = [var.timeouts]
}

run "too_long_a_time" {
  command = plan
  variables {
    timeouts = { validation = 86401 }
  }
  expect_failures = [var.timeouts]
}

run "a_step_that_there_is_not" {
  command = plan
  variables {
    timeouts = { advice = 60 }
  }
  expect_failures = [var.timeouts]
}

run "a_model_is_asked_by_reasoning_alone" {
  command = apply

  variables {
    advice_model = "us.example.model-v1:0"
  }

  assert {
    condition     = [for name, function in aws_lambda_function.function : name if lookup(function.environment[0].variables, "UPGRADE_ADVICE_MODEL", null) == "us.example.model-v1:0"] == ["reasoning"]
    error_message = "Reasoning asks, and nobody else."
  }

  assert {
    condition     = [for name, policy in aws_iam_role_policy.function : name if strcontains(policy.policy, "bedrock:")] == ["reasoning"]
    error_message = "Reasoning may ask, and nobody else."
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.function["reasoning"].policy).Statement :
      try(statement.Condition.StringEquals["bedrock:InferenceProfileArn"], "") == "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.example.model-v1:0"
    if contains(statement.Resource, "arn:aws:bedrock:*::foundation-model/*")])
    error_message = "Models of other regions are asked through the profile only."
  }
}

run "no_model" {
  command = apply

  assert {
    condition     = !strcontains(jsonencode([for policy in aws_iam_role_policy.function : policy.policy]), "bedrock")
    error_message = "Without a model nobody may ask one."
  }
}

run "what_no_model_is_called" {
  command = plan

  variables {
    advice_model = "a model?"
  }

  expect_failures = [var.advice_model]
}
