# A deployment of the engine with functions that do nothing: for the tests in the emulator.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "zip" {
  description = "The package of each function."
  type        = string
}

variable "approval_timeout_seconds" {
  type    = number
  default = 86400
}

locals {
  name = "sdwan"
}

resource "aws_iam_role" "functions" {
  name = "${local.name}-functions"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "functions" {
  name = "${local.name}-functions"
  role = aws_iam_role.functions.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [module.rollout.failed_cancellation_arn] }]
  })
}

resource "aws_lambda_function" "step" {
  for_each = toset(["phase1", "phase2", "phase3"])

  function_name = "${local.name}-${each.key}"
  role          = aws_iam_role.functions.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  filename      = var.zip
  timeout       = 60

  depends_on = [aws_iam_role_policy.functions]
}

module "rollout" {
  source = "../../modules/rollout"

  name                     = local.name
  title                    = "SD-WAN"
  event_source             = "sdwan"
  admission                = "phase1"
  functions                = { for name, function in aws_lambda_function.step : name => function.arn }
  history_table            = true
  approval_timeout_seconds = var.approval_timeout_seconds

  steps = [
    { name = "phase1", function = "phase1", timeout = 3600, pause = 60 },
    { name = "phase2", function = "phase2", timeout = 1800, pause = 90 },
    { name = "phase3", function = "phase3", timeout = 1800, reached = true },
  ]
  undo = { name = "rollback", function = "phase2", event = { mode = "rollback" }, timeout = 1800 }
}

output "arn" {
  value = module.rollout.arn
}
