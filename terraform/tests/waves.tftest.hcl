# Waves: what is refused, and what the definition makes of them.

mock_provider "aws" {
  source = "./tests/mocks/virginia"
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
  zip_directory   = "tests/zips"
  vyos_s3_bucket  = "images"
  vyos_s3_key     = "vyos/vyos.tar.gz"
  ubuntu_password = "a long password"
  vpn_psk         = "a long shared key"
  orchestration   = "polling"
}

run "two_waves" {
  variables {
    waves = [
      { name = "canary", routers = ["nv-sdwan", "nv-branch1"], maxErrors = 1 },
      { name = "rest", routers = ["fra-sdwan", "fra-branch1"], dependsOn = ["canary"], pauseBefore = true, maxErrors = "50%", maxConcurrency = 1, onFailure = "rollback" },
    ]
  }

  assert {
    condition = (
      [for choice in jsondecode(aws_sfn_state_machine.sdwan.definition).States.Start.Choices : choice.Next] == ["canary", "rest", "StartUnknown"] &&
      [for choice in jsondecode(aws_sfn_state_machine.sdwan.definition).States.Input.Choices : choice.Next] == ["InputNoObject", "InputReserved", "InstancesRefused"] &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.completed"].Next == "canary.ended" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.ended"].Next == "rest" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.ended"].Next == "Summary"
    )
    error_message = "The waves do not follow one another."
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.begin"].Result == {
        batches = [{ instances = ["nv-sdwan", "nv-branch1"], wave = "canary" }], reached = ["nv-sdwan", "nv-branch1"]
      } &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.begin"].Result == {
        batches = [{ instances = ["fra-sdwan"], wave = "rest" }, { instances = ["fra-branch1"], wave = "rest" }]
        reached = ["nv-sdwan", "nv-branch1", "fra-sdwan", "fra-branch1"]
      }
    )
    error_message = "A wave has other routers, or a batch is larger than maxConcurrency."
  }

  assert {
    condition = alltrue([
      for wave in ["canary", "rest"] :
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["${wave}.phase3.verdict"].Choices[0].Condition == "{% $sum($states.input.phase3.fail_count) <= 1 %}"
    ])
    error_message = "maxErrors is not what decides."
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.approval"].TimeoutSeconds == 86400 &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.phase1.failed"].Next == "canary.failed" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.phase1.failed"].Next == "rest.rollback"
    )
    error_message = "Approval or rollback are not as asked for."
  }

  # AWS refuses a state that nothing leads to; names are the whole machine's.
  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
      concat([jsondecode(aws_sfn_state_machine.sdwan.definition).StartAt], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9.-]+)\"", aws_sfn_state_machine.sdwan.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.state_machine.policy).Statement[2] == {
      Effect = "Allow", Action = "events:PutEvents", Resource = "arn:aws:events:us-east-1:111122223333:event-bus/default"
    } && length(jsondecode(aws_iam_role_policy.state_machine.policy).Statement) == 3
    error_message = "The state machine may do more than ask for an approval, or can't do it."
  }
}

run "a_large_wave" {
  variables {
    topology = {
      routers = { for n in range(100) : "r${n}" => { region = "us-east-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(100) : "r${n}" => { instance_id = format("i-%08x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
    waves = [
      { name = "canary", routers = ["r0"] },
      { name = "rest", routers = [for n in range(1, 100) : "r${n}"], maxErrors = "10%", maxConcurrency = 100 },
    ]
  }

  assert {
    condition = (
      [for batch in jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.begin"].Result.batches : length(batch.instances)] == [40, 40, 19] &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.phase1"].MaxConcurrency == 2 &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.phase1"].ItemProcessor.ProcessorConfig.Mode == "DISTRIBUTED" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.phase1"].ItemProcessor.ProcessorConfig.Mode == "INLINE" &&
      strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["rest.phase1.verdict"].Choices[0].Condition, "<= 9 ")
    )
    error_message = "A large wave is not done in batches of 40 in executions of their own."
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.state_machine.policy).Statement, 3, 5) == [
      { Effect = "Allow", Action = "states:StartExecution", Resource = "arn:aws:states:us-east-1:111122223333:stateMachine:sdwan" },
      {
        Effect   = "Allow", Action = ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"]
        Resource = "arn:aws:states:us-east-1:111122223333:execution:sdwan/*"
      },
    ] && length(jsondecode(aws_iam_role_policy.state_machine.policy).Statement) == 5
    error_message = "A Distributed Map can't start its executions, or may do more."
  }
}

run "commands" {
  variables {
    waves = [{
      name = "canary", routers = ["nv-sdwan", "nv-branch1"], maxErrors = "50%", onFailure = "rollback"
      preCommands = [
        { document = "AWS-RunShellScript", parameters = { commands = ["echo '<%}>' \"$HOME\""] }, timeout = 30 },
        { document = "Acme-Backup", required = false },
      ]
      postCommands = [{ document = "arn:aws:ssm:us-east-1:444455556666:document/Acme-Shared", required = false }, { document = "AmazonCloudWatch-ManageAgent", required = false }]
    }, { name = "others", rest = true }]
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.begin"].Next == "canary.started" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.started"].Next == "canary.pre1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1"].Next == "canary.pre1.reported" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1.reported"].Next == "canary.pre1.verdict" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1.verdict"].Choices[0].Next == "canary.pre2" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre2.verdict"].Choices[0].Next == "canary.phase1.announced" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.phase1.announced"].Next == "canary.phase1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.phase3.verdict"].Choices[0].Next == "canary.post1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.post2.verdict"].Choices[0].Next == "canary.completed"
    )
    error_message = "The commands do not stand around the phases, in their order."
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1"].ItemSelector.command == {
        document = "AWS-RunShellScript", parameters = { commands = ["echo '<%}>' \"$HOME\""] }
      } &&
      strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1"].ItemProcessor.States["canary.pre1.batch"].Arguments, "'timeout': 30,") &&
      strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1"].ItemProcessor.States["canary.pre1.batch"].Arguments, "& '.pre1'") &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1"].ItemProcessor.States["canary.pre1.batch"].Resource == aws_lambda_function.phase["phase1"].arn
    )
    error_message = "A command is not sent as it was asked for, with a mark of its own."
  }

  assert {
    condition = (
      strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1.verdict"].Choices[0].Condition, "<= 1 ") &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre1.failed"].Next == "canary.rollback" &&
      strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre2.verdict"].Choices[0].Condition, "<= 0 ") &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre2.failed"].Next == "canary.pre2.noted" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.pre2.noted"].Next == "canary.phase1.announced" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.post1.noted"].Next == "canary.post2" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["canary.post2.noted"].Next == "canary.completed"
    )
    error_message = "A required command does not fail its wave above maxErrors, or another one does."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[0] == {
      Effect = "Allow"
      Action = "ssm:SendCommand"
      Resource = [
        "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
        "arn:aws:ssm:eu-central-1:111122223333:document/Acme-Backup",
        "arn:aws:ssm:us-east-1:444455556666:document/Acme-Shared",
        "arn:aws:ssm:eu-central-1::document/AmazonCloudWatch-ManageAgent",
        "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
        "arn:aws:ssm:us-east-1:111122223333:document/Acme-Backup",
        "arn:aws:ssm:us-east-1::document/AmazonCloudWatch-ManageAgent",
      ]
    }
    error_message = "The functions may send other documents than those of the waves, or not all of them."
  }

  # AWS refuses a state that nothing leads to.
  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
      concat([jsondecode(aws_sfn_state_machine.sdwan.definition).StartAt], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9.-]+)\"", aws_sfn_state_machine.sdwan.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }
}

run "commands_without_events" {
  variables {
    events_enabled = false
    waves          = [{ name = "a", rest = true, preCommands = [{ document = "Acme-Backup" }] }]
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["a.begin"].Next == "a.pre1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["a.pre1"].Next == "a.pre1.verdict" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["a.pre1.verdict"].Choices[0].Next == "a.phase1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["a.phase1.wait"].Next == "a.phase2" &&
      !strcontains(aws_sfn_state_machine.sdwan.definition, "putEvents")
    )
    error_message = "Without events the commands are not sent, or events are."
  }
}

run "a_command_with_no_document" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "rm -rf" }] }]
  }

  expect_failures = [var.waves]
}

run "a_command_with_no_time" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "Acme-Backup", timeout = 0 }] }]
  }

  expect_failures = [var.waves]
}

run "a_command_with_half_a_second" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "Acme-Backup", timeout = 1.5 }] }]
  }

  expect_failures = [var.waves]
}

run "a_command_with_a_path_for_a_parameter" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "Acme-Backup", parameters = { "a.$" = ["b"] } }] }]
  }

  expect_failures = [var.waves]
}

run "too_many_commands" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, preCommands = [for n in range(11) : { document = "Acme-Backup" }] }]
  }

  expect_failures = [var.waves]
}

run "without_polling" {
  command = plan

  variables {
    orchestration = "synchronous"
    waves         = [{ name = "a", rest = true }]
  }

  expect_failures = [var.waves]
}

run "a_bad_name" {
  command = plan

  variables {
    waves = [{ name = "A wave", rest = true }]
  }

  expect_failures = [var.waves]
}

run "the_same_name_twice" {
  command = plan

  variables {
    waves = [{ name = "a", routers = ["nv-sdwan"] }, { name = "a", rest = true }]
  }

  expect_failures = [var.waves]
}

run "an_empty_wave" {
  command = plan

  variables {
    waves = [{ name = "a", routers = [] }, { name = "b", rest = true }]
  }

  expect_failures = [var.waves]
}

run "an_unknown_router" {
  command = plan

  variables {
    waves = [{ name = "a", routers = ["nv-sdwan", "tokyo"] }, { name = "b", rest = true }]
  }

  expect_failures = [var.waves]
}

run "a_router_in_two_waves" {
  command = plan

  variables {
    waves = [{ name = "a", routers = ["nv-sdwan"] }, { name = "b", routers = ["nv-sdwan"] }, { name = "c", rest = true }]
  }

  expect_failures = [var.waves]
}

run "an_unknown_wave" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, dependsOn = ["b"] }]
  }

  expect_failures = [var.waves]
}

run "a_cycle" {
  command = plan

  variables {
    waves = [{ name = "a", routers = ["nv-sdwan"], dependsOn = ["b"] }, { name = "b", rest = true, dependsOn = ["a"] }]
  }

  expect_failures = [var.waves]
}

run "a_wave_that_depends_on_itself" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, dependsOn = ["a"] }]
  }

  expect_failures = [var.waves]
}

run "no_concurrency" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxConcurrency = 0 }]
  }

  expect_failures = [var.waves]
}

run "too_many_percent" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxErrors = "101%" }]
  }

  expect_failures = [var.waves]
}

run "an_unknown_reaction" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true, onFailure = "retry" }]
  }

  expect_failures = [var.waves]
}

run "the_rest_is_whoever_no_other_wave_names" {
  variables {
    waves = [{ name = "canary", routers = ["nv-branch1"] }, { name = "others", rest = true, maxErrors = "34%" }]
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States["others.begin"].Result.batches ==
      [{ instances = ["fra-branch1", "fra-sdwan", "nv-sdwan"], wave = "others" }] && local.allowed_errors["others"] == 1
    )
    error_message = "The rest is not the three routers that are left."
  }
}

run "a_router_in_no_wave" {
  command = plan

  variables {
    waves = [{ name = "canary", routers = ["nv-sdwan", "nv-branch1", "fra-sdwan"] }]
  }

  expect_failures = [var.waves]
}

run "two_rests" {
  command = plan

  variables {
    waves = [{ name = "canary", rest = true }, { name = "others", rest = true }]
  }

  expect_failures = [var.waves]
}

run "routers_and_the_rest" {
  command = plan

  variables {
    waves = [{ name = "canary", routers = ["nv-sdwan"], rest = true }]
  }

  expect_failures = [var.waves]
}

run "nothing_is_left" {
  command = plan

  variables {
    waves = [{ name = "all", routers = ["nv-sdwan", "nv-branch1", "fra-sdwan", "fra-branch1"] }, { name = "others", rest = true }]
  }

  expect_failures = [var.waves]
}
