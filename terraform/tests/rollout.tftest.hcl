# The rollout module: what of its waves is refused, what it makes, and that its definition is none of the waves' business.

mock_provider "aws" {
  source = "./tests/mocks/virginia"
}

variables {
  name         = "sdwan"
  title        = "SD-WAN"
  event_source = "sdwan"
  admission    = "phase1"
  functions = {
    phase1 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase1"
    phase2 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase2"
  }
  steps = [
    { name = "phase1", function = "phase1", timeout = 3600, pause = 60 },
    { name = "phase2", function = "phase2", timeout = 1800, reached = true },
  ]
  undo        = { name = "rollback", function = "phase2", event = { mode = "rollback" }, timeout = 1800 }
  known_items = ["r1", "r2", "r3", "r4"]
}

run "without_waves" {
  module {
    source = "./modules/rollout"
  }

  assert {
    condition     = output.waves == "[]" && length(aws_sfn_state_machine.machine.definition) < 32 * 1024
    error_message = "The definition is larger than it has to be, or there are waves."
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.machine.definition).QueryLanguage == "JSONata" && length(jsondecode(aws_sfn_state_machine.machine.definition).States) <= 30
    error_message = "It is not one small machine in JSONata."
  }

  # AWS refuses a state that nothing leads to.
  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.machine.definition).States),
      concat(["Begin"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z]+)\"", aws_sfn_state_machine.machine.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition = jsondecode(aws_sfn_state_machine.machine.definition).States.Begin.Assign.steps == [
      { name = "phase1", function = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase1", timeout = 3600, pause = 60 },
      { name = "phase2", function = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase2", timeout = 1800, reached = true },
    ] && jsondecode(aws_sfn_state_machine.machine.definition).States.Begin.Assign.undo.event.mode == "rollback"
    error_message = "The steps are not the deployment's."
  }

  assert {
    condition = (
      join(" ", jsondecode(aws_iam_role_policy.machine.policy).Statement[0].Resource) == join(" ", values(var.functions)) &&
      !strcontains(aws_iam_role_policy.machine.policy, "dynamodb") && length(aws_dynamodb_table.history) == 0
    )
    error_message = "The role may do what nothing of it needs."
  }

  assert {
    condition = (
      keys(aws_cloudwatch_event_target.cancel) == ["phase1", "phase2"] &&
      strcontains(aws_cloudwatch_event_rule.ended[0].event_pattern, "\"arn:aws:states:us-east-1:111122223333:stateMachine:sdwan\"") &&
      strcontains(aws_cloudwatch_event_target.cancel["phase2"].input_transformer[0].input_template, "\"action\": \"cancel\", \"execution\": <execution>")
    )
    error_message = "Not each function is told of an execution that ended without success."
  }
}

run "many_waves" {
  module {
    source = "./modules/rollout"
  }

  variables {
    known_items = [for n in range(1000) : "router-${n}"]
    waves = [for n in range(100) : {
      name = "wave-${n}", routers = [for m in range(10) : "router-${10 * n + m}"], dependsOn = n == 0 ? null : ["wave-${n - 1}"], maxErrors = "10%"
    }]
  }

  assert {
    condition     = aws_sfn_state_machine.machine.definition == run.without_waves.definition && length(jsondecode(output.waves)) == 100
    error_message = "The definition depends on the waves."
  }

  assert {
    condition     = !can(jsondecode(output.waves)[0].dependsOn) && jsondecode(output.waves)[1].dependsOn == ["wave-0"]
    error_message = "null does not count as absent."
  }
}

run "history" {
  module {
    source = "./modules/rollout"
  }

  variables {
    history_table = true
    tags          = { team = "network" }
  }

  assert {
    condition = (
      aws_dynamodb_table.history[0].name == "sdwan-history" && aws_dynamodb_table.history[0].tags == tomap({ team = "network" }) &&
      strcontains(aws_iam_role_policy.machine.policy, "arn:aws:dynamodb:us-east-1:111122223333:table/sdwan-history") &&
      length(jsondecode(aws_sfn_state_machine.machine.definition).States) == length(jsondecode(run.without_waves.definition).States) + 4
    )
    error_message = "The history's table, its states or its permission is missing."
  }
}

run "ready_definition" {
  module {
    source = "./modules/rollout"
  }

  variables {
    definition = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"
    admission  = ""
    steps      = []
    undo       = null
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.machine.definition).StartAt == "A" && length(aws_cloudwatch_event_rule.ended) == 0 &&
      length(aws_sqs_queue.failed_cancellation) == 0 && !strcontains(aws_iam_role_policy.machine.policy, "events:PutEvents")
    )
    error_message = "A ready definition is not taken as it is, or more is made than it needs."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.machine.policy).Statement == [
      { Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [for function in values(var.functions) : function] },
      {
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
        ]
        Resource = ["*"]
      },
    ]
    error_message = "The machine's role may do other than call its functions and write its log."
  }

  assert {
    condition = jsondecode(aws_iam_role.machine.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = [for more in ["", ":*"] : "arn:aws:states:us-east-1:111122223333:stateMachine:sdwan${more}"] }
      }
    }]
    error_message = "The role can be taken by another service, or for another account's machine."
  }

  assert {
    condition = (
      aws_sfn_state_machine.machine.name == "sdwan" && aws_sfn_state_machine.machine.role_arn == aws_iam_role.machine.arn &&
      aws_sfn_state_machine.machine.logging_configuration[0].level == "ALL" &&
      aws_sfn_state_machine.machine.logging_configuration[0].log_destination == "${aws_cloudwatch_log_group.machine.arn}:*"
    )
    error_message = "Name, role or log of the state machine differs."
  }
}

run "steps_and_a_ready_definition" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    definition = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"
  }

  expect_failures = [var.definition]
}

run "what_is_not_cancelled_is_kept" {
  module {
    source = "./modules/rollout"
  }

  assert {
    condition = alltrue([for name, function in var.functions :
      aws_lambda_function_event_invoke_config.cancel[name].destination_config[0].on_failure[0].destination == aws_sqs_queue.failed_cancellation[0].arn &&
      aws_cloudwatch_event_target.cancel[name].dead_letter_config[0].arn == aws_sqs_queue.failed_cancellation[0].arn &&
      aws_cloudwatch_event_target.cancel[name].arn == function &&
      aws_lambda_permission.cancel[name].function_name == "sdwan-${name}" && aws_lambda_function_event_invoke_config.cancel[name].function_name == "sdwan-${name}" &&
      aws_lambda_permission.cancel[name].principal == "events.amazonaws.com" &&
      aws_lambda_permission.cancel[name].source_arn == aws_cloudwatch_event_rule.ended[0].arn
    ])
    error_message = "A cancellation that fails, in Lambda or on its way there, leaves no trace, or a function does not let the rule in."
  }

  assert {
    condition = jsondecode(aws_sqs_queue_policy.failed_cancellation[0].policy).Statement == [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sqs_queue.failed_cancellation[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.ended[0].arn } }
    }]
    error_message = "Others than the rule can write to the queue, or the rule can't."
  }
}

run "traces_and_logs" {
  module {
    source = "./modules/rollout"
  }

  variables {
    tracing_enabled    = true
    log_level          = "ERROR"
    log_retention_days = 7
  }

  assert {
    condition     = aws_cloudwatch_log_group.machine.retention_in_days == 7 && aws_sfn_state_machine.machine.logging_configuration[0].level == "ERROR"
    error_message = "The log does not follow the variables."
  }

  assert {
    condition = (
      aws_sfn_state_machine.machine.tracing_configuration[0].enabled &&
      contains(flatten([for statement in jsondecode(aws_iam_role_policy.machine.policy).Statement : statement.Action]), "xray:PutTraceSegments")
    )
    error_message = "Traces are not written, or may not be."
  }
}

run "waves_of_everything_that_there_is" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [
      { name = "canary", routers = ["r1"], maxErrors = 1, preCommands = [{ document = "Acme-Backup", parameters = { to = ["s3://b"] }, timeout = 900 }] },
      { name = "rest", rest = true, dependsOn = ["canary"], pauseBefore = true, onFailure = "rollback", maxConcurrency = 50, maxErrors = "10%", postCommands = [{ document = "AWS-RunShellScript", required = false }] },
    ]
  }

  assert {
    condition     = jsondecode(output.waves)[1].rest && join(" ", output.command_documents) == "Acme-Backup AWS-RunShellScript"
    error_message = "The waves are not what was given."
  }
}

run "waves_that_are_no_list" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = "canary"
  }

  expect_failures = [var.waves]
}

run "unknown_field" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, colour = "blue" }]
  }

  expect_failures = [output.waves]
}

run "misspelt_selector" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", servers = ["r1"] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "without_a_name" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ rest = true }]
  }

  expect_failures = [output.waves]
}

run "name_with_capitals" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "Canary", rest = true }]
  }

  expect_failures = [output.waves]
}

run "name_of_41_letters" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", rest = true }]
  }

  expect_failures = [output.waves]
}

run "name_twice" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1"] }, { name = "a", rest = true }]
  }

  expect_failures = [output.waves]
}

run "empty" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = [] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "neither_items_nor_rest" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a" }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "items_and_rest" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1"], rest = true }]
  }

  expect_failures = [output.waves]
}

run "rest_twice" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "unknown_item" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r9"] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "missing_items" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1", "r2"] }]
  }

  expect_failures = [output.waves]
}

run "nothing_is_left" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1", "r2", "r3", "r4"] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "item_in_two_waves" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1"] }, { name = "b", routers = ["r1", "r2", "r3", "r4"] }]
  }

  expect_failures = [output.waves]
}

run "item_twice_in_a_wave" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1", "r1"] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "unknown_dependency" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, dependsOn = ["b"] }]
  }

  expect_failures = [output.waves]
}

run "later_dependency" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1"], dependsOn = ["b"] }, { name = "b", rest = true }]
  }

  expect_failures = [output.waves]
}

run "dependency_on_itself" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, dependsOn = ["a"] }]
  }

  expect_failures = [output.waves]
}

run "cycle" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", routers = ["r1"], dependsOn = ["b"] }, { name = "b", rest = true, dependsOn = ["a"] }]
  }

  expect_failures = [output.waves]
}

run "pause_that_is_a_word" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, pauseBefore = "maybe" }]
  }

  expect_failures = [output.waves]
}

run "no_concurrency" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxConcurrency = 0 }]
  }

  expect_failures = [output.waves]
}

run "concurrency_that_is_a_word" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxConcurrency = "many" }]
  }

  expect_failures = [output.waves]
}

run "errors_in_words" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxErrors = "few" }]
  }

  expect_failures = [output.waves]
}

run "more_errors_than_all" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxErrors = "101%" }]
  }

  expect_failures = [output.waves]
}

run "negative_errors" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, maxErrors = -1 }]
  }

  expect_failures = [output.waves]
}

run "unknown_policy" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, onFailure = "undo" }]
  }

  expect_failures = [output.waves]
}

run "command_without_document" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, preCommands = [{ timeout = 10 }] }]
  }

  expect_failures = [output.waves]
}

run "command_with_an_unknown_field" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, preCommands = [{ document = "Acme-Backup", retries = 3 }] }]
  }

  expect_failures = [output.waves]
}

run "command_that_takes_forever" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "Acme-Backup", timeout = 172801 }] }]
  }

  expect_failures = [output.waves]
}

run "command_that_is_a_shell_line" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, postCommands = [{ document = "rm -rf /" }] }]
  }

  expect_failures = [output.waves]
}

run "eleven_commands" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [{ name = "a", rest = true, preCommands = [for n in range(11) : { document = "Acme-Backup" }] }]
  }

  expect_failures = [output.waves]
}

run "more_than_100_waves" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    waves = [for n in range(101) : { name = "w${n}", rest = n == 0 ? true : null, routers = n == 0 ? null : ["r1"] }]
  }

  expect_failures = [var.waves]
}

run "function_with_an_alias" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    functions = {
      phase1 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase1:live"
      phase2 = "arn:aws:lambda:us-east-1:111122223333:function:sdwan-phase2"
    }
  }

  expect_failures = [var.functions]
}

run "step_without_function" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = [{ name = "phase1", function = "phase9", timeout = 60 }]
  }

  expect_failures = [var.steps]
}

run "step_named_as_a_command" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = [{ name = "pre1", function = "phase1", timeout = 60 }]
  }

  expect_failures = [var.steps]
}

run "steps_of_one_name" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = [{ name = "phase1", function = "phase1", timeout = 60 }, { name = "phase1", function = "phase2", timeout = 60 }]
  }

  expect_failures = [var.steps]
}

run "step_without_time" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = [{ name = "phase1", function = "phase1", timeout = 0 }]
  }

  expect_failures = [var.steps]
}

run "pause_of_two_days" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = [{ name = "phase1", function = "phase1", timeout = 60, pause = 172800 }]
  }

  expect_failures = [var.steps]
}

run "no_steps" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    steps = []
  }

  expect_failures = [var.definition]
}

run "undo_named_as_a_step" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    undo = { name = "phase1", function = "phase1", timeout = 60 }
  }

  expect_failures = [var.undo]
}

run "unknown_admission" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    admission = "phase9"
  }

  expect_failures = [var.admission]
}

run "unknown_word" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    items = "things"
  }

  expect_failures = [var.items]
}

run "title_that_is_a_quote" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    title = "a'b"
  }

  expect_failures = [var.title]
}

run "source_of_aws" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    event_source = "aws.sdwan"
  }

  expect_failures = [var.event_source]
}

run "name_with_a_slash" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    name = "a/b"
  }

  expect_failures = [var.name]
}

run "approval_of_no_time" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    approval_timeout_seconds = 0
  }

  expect_failures = [var.approval_timeout_seconds]
}

run "mail_and_alarms" {
  module {
    source = "./modules/rollout"
  }

  variables {
    notify_email   = "network@example.com"
    alarms_enabled = true
    further_alarms = ["sdwan-unhealthy-routers"]
    alarm_actions  = ["arn:aws:sns:us-east-1:111122223333:pager"]
  }

  assert {
    condition = (
      join(" ", keys(aws_cloudwatch_event_rule.notified)) == "engine execution" &&
      strcontains(aws_cloudwatch_event_rule.notified["engine"].event_pattern, "\"SD-WAN approval wanted\"") &&
      strcontains(aws_cloudwatch_event_rule.notified["engine"].event_pattern, "\"name\":[\"sdwan\"]") &&
      aws_sns_topic_subscription.email[0].endpoint == "network@example.com" &&
      aws_sns_topic.notifications[0].kms_master_key_id == aws_kms_key.notifications[0].arn
    )
    error_message = "The mail's rules, its topic or its key differ."
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.execution :
      alarm.metric_name == name && alarm.dimensions == tomap({ StateMachineArn = aws_sfn_state_machine.machine.arn }) && alarm.threshold == 0 &&
      alarm.alarm_actions == toset(concat(var.alarm_actions, [aws_sns_topic.notifications[0].arn]))
    ]) && toset(keys(aws_cloudwatch_metric_alarm.execution)) == toset(["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"])
    error_message = "An alarm is missing, or tells nobody."
  }

  assert {
    condition = jsondecode(aws_sns_topic_policy.notifications[0].policy).Statement == [
      {
        Effect    = "Allow", Action = "sns:Publish", Principal = { Service = "events.amazonaws.com" }
        Resource  = aws_sns_topic.notifications[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = values(aws_cloudwatch_event_rule.notified)[*].arn } }
      },
      {
        Effect   = "Allow", Action = "sns:Publish", Principal = { Service = "cloudwatch.amazonaws.com" }
        Resource = aws_sns_topic.notifications[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = [
          for alarm in ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "unhealthy-routers"] :
          "arn:aws:cloudwatch:us-east-1:111122223333:alarm:sdwan-${alarm}"
        ] } }
      },
    ]
    error_message = "Others than the rules and the alarms may publish to the topic, or these may not."
  }

  assert {
    condition     = jsondecode(aws_kms_key.notifications[0].policy).Statement[1].Principal == { Service = ["events.amazonaws.com", "cloudwatch.amazonaws.com"] }
    error_message = "EventBridge or CloudWatch can't use the topic's key."
  }
}

run "mail_of_a_ready_definition" {
  module {
    source = "./modules/rollout"
  }

  variables {
    definition   = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"
    admission    = ""
    steps        = []
    undo         = null
    notify_email = "network@example.com"
  }

  assert {
    condition = (
      join(" ", keys(aws_cloudwatch_event_rule.notified)) == "execution" && length(aws_cloudwatch_metric_alarm.execution) == 0 &&
      jsondecode(aws_cloudwatch_event_rule.notified["execution"].event_pattern) == {
        source = ["aws.states"], "detail-type" = ["Step Functions Execution Status Change"]
        detail = { stateMachineArn = ["arn:aws:states:us-east-1:111122223333:stateMachine:sdwan"], status = ["ABORTED", "TIMED_OUT", "FAILED"] }
      } &&
      jsondecode(aws_sns_topic_policy.notifications[0].policy).Statement[*].Principal.Service == ["events.amazonaws.com"]
    )
    error_message = "It is told of events that nobody sends, or of those of another machine."
  }
}

run "address_of_nobody" {
  module {
    source = "./modules/rollout"
  }

  command = plan

  variables {
    notify_email = "nobody"
  }

  expect_failures = [var.notify_email]
}
