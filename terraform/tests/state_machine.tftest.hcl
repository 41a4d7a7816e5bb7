# The state machine: the synchronous definition, and what the root gives the engine.

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
}

run "stop" {
  assert {
    condition = (
      jsondecode(module.rollout.definition).StartAt == "Start" &&
      jsondecode(module.rollout.definition).States.Start.Default == "Phase1" &&
      jsondecode(module.rollout.definition).States.Phase1.Next == "Phase1Verdict" &&
      jsondecode(module.rollout.definition).States.Phase1Verdict.Choices[1].Next == "Phase1Wait" &&
      jsondecode(module.rollout.definition).States.Phase1Wait.Next == "Phase2" &&
      jsondecode(module.rollout.definition).States.Phase2.Next == "Phase2Verdict" &&
      jsondecode(module.rollout.definition).States.Phase2Verdict.Choices[1].Next == "Phase2Wait" &&
      jsondecode(module.rollout.definition).States.Phase2Wait.Next == "Phase3" &&
      jsondecode(module.rollout.definition).States.Phase3.Next == "Phase3Verdict" &&
      jsondecode(module.rollout.definition).States.Phase3Verdict.Choices[1].Next == "Succeeded"
    )
    error_message = "The phases do not follow one another with a pause after the first two."
  }

  assert {
    condition = [
      for choice in jsondecode(module.rollout.definition).States.Start.Choices : choice.Next
    ] == ["InputNoObject", "InputReserved", "Phase1", "Phase2", "Phase3", "StartUnknown"]
    error_message = "The input is not looked at, or start_at does not lead to its phase."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(module.rollout.definition).States["Phase${n}Verdict"].Choices[0].Next == "Phase${n}ResultInvalid"
      )
    ])
    error_message = "A phase that is not done counts as one that is."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(module.rollout.definition).States["Phase${n}"].Type == "Task" &&
        jsondecode(module.rollout.definition).States["Phase${n}"].Resource == aws_lambda_function.phase["phase${n}"].arn &&
        jsondecode(module.rollout.definition).States["Phase${n}"].ResultPath == "$.phase${n}_result"
      )
    ])
    error_message = "A phase does not call its own function, or its result goes elsewhere."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : jsondecode(module.rollout.definition).States["Phase${n}"].Retry == [
        {
          ErrorEquals     = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"]
          IntervalSeconds = 30
          MaxAttempts     = 2
          BackoffRate     = 2
        },
        {
          ErrorEquals     = ["Lambda.TooManyRequestsException", "Lambda.ClientExecutionTimeoutException"]
          IntervalSeconds = 10
          MaxAttempts     = 4
          BackoffRate     = 2
          MaxDelaySeconds = 60
          JitterStrategy  = "FULL"
        },
      ]
    ])
    error_message = "A phase is retried otherwise."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(module.rollout.definition).States["Phase${n}"].Catch == [
          { ErrorEquals = ["States.ALL"], ResultPath = "$.failure", Next = "Phase${n}Error" },
        ] &&
        jsondecode(module.rollout.definition).States["Phase${n}Error"] ==
        { Type = "Pass", Result = "phase${n}", ResultPath = "$.failure.phase", Next = "CauseGiven" }
      )
    ])
    error_message = "A phase's error is not caught, or the phase is not remembered."
  }

  assert {
    condition = (
      jsondecode(module.rollout.definition).States.CauseGiven.Choices[0].Next == "DescribeError" &&
      jsondecode(module.rollout.definition).States.CauseMissing.Next == "DescribeError" &&
      jsondecode(module.rollout.definition).States.DescribeError == {
        Type = "Pass"
        Parameters = {
          "phase.$" = "$.failure.phase"
          "error.$" = "$.failure.Error"
          "cause.$" = "States.Format('{}: {}', $.failure.phase, $.failure.Cause)"
        }
        ResultPath = "$.failure"
        Next       = "Failed"
      } &&
      jsondecode(module.rollout.definition).States.Failed ==
      { Type = "Fail", ErrorPath = "$.failure.error", CausePath = "$.failure.cause" }
    )
    error_message = "The end does not name phase, error and cause."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(module.rollout.definition).States["Phase${n}Verdict"].Choices[2].Next == "Phase${n}RoutersFailed" &&
        jsondecode(module.rollout.definition).States["Phase${n}Verdict"].Default == "Phase${n}ResultInvalid" &&
        jsondecode(module.rollout.definition).States["Phase${n}RoutersFailed"].Next == "Failed" &&
        jsondecode(module.rollout.definition).States["Phase${n}RoutersFailed"].Parameters.phase == "phase${n}" &&
        jsondecode(module.rollout.definition).States["Phase${n}RoutersFailed"].Parameters.error == "Phase.RoutersFailed" &&
        # The summary comes first, because it begins with the diagnosis.
        startswith(jsondecode(module.rollout.definition).States["Phase${n}RoutersFailed"].Parameters["cause.$"], "States.Format('phase${n}: {} (") &&
        strcontains(jsondecode(module.rollout.definition).States["Phase${n}RoutersFailed"].Parameters["cause.$"], ", $.phase${n}_result.summary, ") &&
        jsondecode(module.rollout.definition).States["Phase${n}ResultInvalid"].Next == "Failed"
      )
    ])
    error_message = "Routers that failed do not stop the execution."
  }

  # AWS refuses a state that nothing leads to.
  assert {
    condition = length(setsubtract(
      keys(jsondecode(module.rollout.definition).States),
      concat(["Start"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", module.rollout.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition     = jsondecode(module.rollout.definition).States.Phase1Wait.Seconds == 60 && jsondecode(module.rollout.definition).States.Phase2Wait.Seconds == 90
    error_message = "The pauses are not 60 and 90 seconds."
  }

  assert {
    condition     = output.state_machine_arn == module.rollout.arn
    error_message = "The output state_machine_arn differs."
  }

  assert {
    condition     = output.start_execution_command == "aws stepfunctions start-execution --region us-east-1 --state-machine-arn arn:aws:states:us-east-1:111122223333:stateMachine:sdwan --input '{}'"
    error_message = "The output start_execution_command differs."
  }
}

run "continue" {
  variables {
    on_partial_failure  = "continue"
    phase1_wait_seconds = 0
    phase2_wait_seconds = 7
  }

  assert {
    condition = (
      jsondecode(module.rollout.definition).States.Phase1Verdict.Choices[2].Next == "Phase1Wait" &&
      jsondecode(module.rollout.definition).States.Phase2Verdict.Choices[2].Next == "Phase2Wait"
    )
    error_message = "Routers that failed stop the execution before phase 3."
  }

  assert {
    condition     = jsondecode(module.rollout.definition).States.Phase3Verdict.Choices[2].Next == "Phase3RoutersFailed"
    error_message = "Phase 3's verdict does not decide."
  }

  assert {
    condition = length(setsubtract(
      keys(jsondecode(module.rollout.definition).States),
      concat(["Start"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", module.rollout.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition     = jsondecode(module.rollout.definition).States.Phase1Wait.Seconds == 0 && jsondecode(module.rollout.definition).States.Phase2Wait.Seconds == 7
    error_message = "The pauses do not follow the variables."
  }
}

run "rollout" {
  variables {
    orchestration       = "rollout"
    phase1_wait_seconds = 7
    phase_timeouts      = { phase2 = 7200 }
  }

  assert {
    condition = jsondecode(module.rollout.definition).States.Begin.Assign.steps == [
      { name = "phase1", function = aws_lambda_function.phase["phase1"].arn, timeout = 3600, pause = 7 },
      { name = "phase2", function = aws_lambda_function.phase["phase2"].arn, timeout = 7200, pause = 90 },
      { name = "phase3", function = aws_lambda_function.phase["phase3"].arn, timeout = 1800, reached = true },
    ]
    error_message = "The steps are not the three phases, with their pauses and their time."
  }

  assert {
    condition = jsondecode(module.rollout.definition).States.Begin.Assign.undo == {
      name = "rollback", function = aws_lambda_function.phase["phase2"].arn, event = { mode = "rollback" }, timeout = 7200
    }
    error_message = "What undoes the steps is not phase 2's rollback."
  }

  assert {
    condition = (
      jsondecode(module.rollout.definition).States.Admit.Arguments.FunctionName == aws_lambda_function.phase["phase1"].arn &&
      jsondecode(module.rollout.definition).States.ExecutionStarted.Arguments.Entries[0].DetailType == "SD-WAN execution started" &&
      jsondecode(module.rollout.definition).States.ExecutionStarted.Arguments.Entries[0].Source == "sdwan" &&
      !can(jsondecode(module.rollout.definition).States.ExecutionNoted)
    )
    error_message = "The admission is not phase 1's, the events are not the SD-WAN's, or a history is kept that nobody asked for."
  }

  assert {
    condition     = output.state_machine_arn == run.stop.state_machine_arn && output.start_execution_command == run.stop.start_execution_command
    error_message = "The machine has another name."
  }
}

run "rollout_with_a_history" {
  variables {
    orchestration = "rollout"
    history_table = true
  }

  assert {
    condition     = jsondecode(module.rollout.definition).States.ExecutionNoted.Arguments.TableName == "sdwan-history"
    error_message = "The machine keeps no history."
  }
}

run "polling" {
  command = plan

  variables {
    orchestration = "polling"
  }

  expect_failures = [var.orchestration]
}

run "an_orchestration_that_is_none" {
  command = plan

  variables {
    orchestration = "parallel"
  }

  expect_failures = [var.orchestration]
}

run "waves_without_the_engine" {
  command = plan

  variables {
    waves = [{ name = "a", rest = true }]
  }

  expect_failures = [var.waves]
}

run "a_history_without_the_engine" {
  command = plan

  variables {
    history_table = true
  }

  expect_failures = [var.history_table]
}

run "continue_with_the_engine" {
  command = plan

  variables {
    orchestration      = "rollout"
    on_partial_failure = "continue"
  }

  expect_failures = [var.on_partial_failure]
}
