# The root with every feature that has permissions of its own: docs/aws.md is made from these two runs' policies.

mock_provider "aws" {
  source = "./tests/mocks/virginia"

  # By the names that they have on AWS.
  override_resource {
    target = aws_lambda_function.phase["phase1"]
    values = { arn = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase1" }
  }
  override_resource {
    target = aws_lambda_function.phase["phase2"]
    values = { arn = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase2" }
  }
  override_resource {
    target = aws_lambda_function.phase["phase3"]
    values = { arn = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase3" }
  }
  override_resource {
    target = aws_cloudwatch_log_group.phase["phase1"]
    values = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/sdwan-phase1" }
  }
  override_resource {
    target = aws_cloudwatch_log_group.phase["phase2"]
    values = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/sdwan-phase2" }
  }
  override_resource {
    target = aws_cloudwatch_log_group.phase["phase3"]
    values = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/sdwan-phase3" }
  }
  override_resource {
    target = aws_s3_bucket.data
    values = { arn = "arn:aws:s3:::sdwan-data" }
  }
  override_resource {
    target = module.rollout.aws_sqs_queue.failed_cancellation
    values = { arn = "arn:aws:sqs:us-east-1:111122223333:sdwan-failed-cancellation" }
  }
  override_resource {
    target = module.rollout.aws_sns_topic.notifications
    values = { arn = "arn:aws:sns:us-east-1:111122223333:sdwan-notifications" }
  }
  override_resource {
    target = module.rollout.aws_cloudwatch_event_rule.ended
    values = { arn = "arn:aws:events:us-east-1:111122223333:rule/sdwan-execution-ended" }
  }
  override_resource {
    target = aws_cloudwatch_event_rule.verify
    values = { arn = "arn:aws:events:us-east-1:111122223333:rule/sdwan-verify" }
  }
  override_resource {
    target = module.rollout.aws_cloudwatch_event_rule.notified["execution"]
    values = { arn = "arn:aws:events:us-east-1:111122223333:rule/sdwan-notify-execution" }
  }
  override_resource {
    target = module.rollout.aws_cloudwatch_event_rule.notified["engine"]
    values = { arn = "arn:aws:events:us-east-1:111122223333:rule/sdwan-notify-engine" }
  }
}

mock_provider "aws" {
  alias  = "virginia"
  source = "./tests/mocks/virginia"
}

mock_provider "aws" {
  alias  = "frankfurt"
  source = "./tests/mocks/frankfurt"
}

variables {
  zip_directory       = "tests/zips"
  vyos_s3_bucket      = "my-images"
  vyos_s3_key         = "vyos/vyos-1.3-lxd.tar.gz"
  vyos_s3_kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  ubuntu_password     = "a long password"
  vpn_psk             = "a long shared key"
  orchestration       = "rollout"
  history_table       = true
  tracing_enabled     = true
  verify_schedule     = "rate(15 minutes)"
  monitoring_enabled  = true
  notify_email        = "network@example.com"
}

run "four_hosts_that_are_made" {
  assert {
    condition = alltrue([
      for policy in concat([aws_iam_role_policy.lambda], values(aws_iam_role_policy.host)) :
      !anytrue([for action in flatten(jsondecode(policy.policy).Statement[*].Action) : strcontains(action, "*")])
    ])
    error_message = "A role's policy names an action by a pattern."
  }
}

run "sixty_hosts_in_a_wave" {
  variables {
    topology = {
      routers = { for n in range(60) : "r${n}" => { region = n % 2 == 0 ? "us-east-1" : "eu-central-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(60) : "r${n}" => { instance_id = format("i-%017x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
    waves = [{ name = "all", routers = [for n in range(60) : "r${n}"], pauseBefore = true }]
  }

  assert {
    condition     = !anytrue([for action in flatten(jsondecode(aws_iam_role_policy.lambda.policy).Statement[*].Action) : strcontains(action, "*")])
    error_message = "The functions' policy names an action by a pattern."
  }
}
