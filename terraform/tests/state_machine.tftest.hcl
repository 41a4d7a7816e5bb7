# The definition of the state machine: order, retries, errors, waits, both modes.

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
      jsondecode(aws_sfn_state_machine.sdwan.definition).StartAt == "Start" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Start.Default == "Phase1" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1.Next == "Phase1Verdict" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Verdict.Choices[1].Next == "Phase1Wait" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Wait.Next == "Phase2" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2.Next == "Phase2Verdict" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2Verdict.Choices[1].Next == "Phase2Wait" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2Wait.Next == "Phase3" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase3.Next == "Phase3Verdict" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase3Verdict.Choices[1].Next == "Succeeded"
    )
    error_message = "The phases do not follow one another with a pause after the first two."
  }

  assert {
    condition = [
      for choice in jsondecode(aws_sfn_state_machine.sdwan.definition).States.Start.Choices : choice.Next
    ] == ["InputNoObject", "InputReserved", "Phase1", "Phase2", "Phase3", "StartUnknown"]
    error_message = "The input is not looked at, or start_at does not lead to its phase."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}Verdict"].Choices[0].Next == "Phase${n}ResultInvalid"
      )
    ])
    error_message = "A phase that is not done counts as one that is."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Type == "Task" &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Resource == aws_lambda_function.phase["phase${n}"].arn &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].ResultPath == "$.phase${n}_result"
      )
    ])
    error_message = "A phase does not call its own function, or its result goes elsewhere."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Retry == [
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
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Catch == [
          { ErrorEquals = ["States.ALL"], ResultPath = "$.failure", Next = "Phase${n}Error" },
        ] &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}Error"] ==
        { Type = "Pass", Result = "phase${n}", ResultPath = "$.failure.phase", Next = "CauseGiven" }
      )
    ])
    error_message = "A phase's error is not caught, or the phase is not remembered."
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.CauseGiven.Choices[0].Next == "DescribeError" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.CauseMissing.Next == "DescribeError" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.DescribeError == {
        Type = "Pass"
        Parameters = {
          "phase.$" = "$.failure.phase"
          "error.$" = "$.failure.Error"
          "cause.$" = "States.Format('{}: {}', $.failure.phase, $.failure.Cause)"
        }
        ResultPath = "$.failure"
        Next       = "Failed"
      } &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Failed ==
      { Type = "Fail", ErrorPath = "$.failure.error", CausePath = "$.failure.cause" }
    )
    error_message = "The end does not name phase, error and cause."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}Verdict"].Choices[2].Next == "Phase${n}RoutersFailed" &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}Verdict"].Default == "Phase${n}ResultInvalid" &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Next == "Failed" &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Parameters.phase == "phase${n}" &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Parameters.error == "Phase.RoutersFailed" &&
        # The summary comes first, because it begins with the diagnosis.
        startswith(jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Parameters["cause.$"], "States.Format('phase${n}: {} (") &&
        strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Parameters["cause.$"], ", $.phase${n}_result.summary, ") &&
        jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}ResultInvalid"].Next == "Failed"
      )
    ])
    error_message = "Routers that failed do not stop the execution."
  }

  # AWS refuses a state that nothing leads to.
  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
      concat(["Start"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", aws_sfn_state_machine.sdwan.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Wait.Seconds == 60 && jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2Wait.Seconds == 90
    error_message = "The pauses are not 60 and 90 seconds."
  }

  assert {
    condition = (
      aws_sfn_state_machine.sdwan.name == "sdwan" && aws_sfn_state_machine.sdwan.role_arn == aws_iam_role.state_machine.arn &&
      aws_sfn_state_machine.sdwan.logging_configuration[0].level == "ALL" &&
      aws_sfn_state_machine.sdwan.logging_configuration[0].log_destination == "${aws_cloudwatch_log_group.state_machine.arn}:*"
    )
    error_message = "Name, role or log of the state machine differs."
  }

  assert {
    condition     = output.state_machine_arn == aws_sfn_state_machine.sdwan.arn
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
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Verdict.Choices[2].Next == "Phase1Wait" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2Verdict.Choices[2].Next == "Phase2Wait"
    )
    error_message = "Routers that failed stop the execution before phase 3."
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase3Verdict.Choices[2].Next == "Phase3RoutersFailed"
    error_message = "Phase 3's verdict does not decide."
  }

  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
      concat(["Start"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", aws_sfn_state_machine.sdwan.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Wait.Seconds == 0 && jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase2Wait.Seconds == 7
    error_message = "The pauses do not follow the variables."
  }
}

run "polling" {
  variables {
    orchestration  = "polling"
    phase_timeouts = { phase2 = 7200 }
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : alltrue([
        for task in ["Phase${n}", "Phase${n}RoutersFailed"] : (
          jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Resource == aws_lambda_function.phase["phase${n}"].arn &&
          jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Retry[0].MaxAttempts == 2 &&
          jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Retry[1].MaxAttempts == 4 &&
          jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Retry[2].ErrorEquals == ["Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"] &&
          jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Next == "Phase${n}Done"
        )
      ])
    ])
    error_message = "A phase does not call its own function, or is retried otherwise."
  }

  assert {
    condition     = alltrue([for n in [1, 2, 3] : alltrue([for task in ["Phase${n}", "Phase${n}RoutersFailed"] : !can(jsondecode(aws_sfn_state_machine.sdwan.definition).States[task].Catch)])])
    error_message = "A caught error can't be redriven."
  }

  assert {
    condition = [
      for n in [1, 2, 3] : one(regex("'timeout': ([0-9]+)", jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Arguments))
    ] == ["3600", "7200", "1800"]
    error_message = "The phases' time limits do not follow the variable."
  }

  assert {
    condition = alltrue([
      for n in [1, 2, 3] : (
        strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}"].Arguments, "'fail_on_routers': false") &&
        strcontains(jsondecode(aws_sfn_state_machine.sdwan.definition).States["Phase${n}RoutersFailed"].Arguments, "'fail_on_routers': true")
      )
    ])
    error_message = "The task that ends a failed phase is not the one that fails."
  }

  assert {
    condition = length(setsubtract(
      keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
      concat(["ExecutionStarted"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", aws_sfn_state_machine.sdwan.definition))),
    )) == 0
    error_message = "There is a state that nothing leads to."
  }
}

run "polling_continue" {
  variables {
    orchestration      = "polling"
    on_partial_failure = "continue"
  }

  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1Verdict.Choices[2].Next == "Phase1Wait" &&
      jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase3Verdict.Choices[2].Next == "Phase3RoutersFailed" &&
      !can(jsondecode(aws_sfn_state_machine.sdwan.definition).States.Phase1RoutersFailed)
    )
    error_message = "Routers that failed stop the execution before phase 3, or phase 3's verdict does not decide."
  }
}

run "polling_without_events" {
  variables {
    orchestration  = "polling"
    events_enabled = false
  }

  assert {
    condition = (
      !strcontains(aws_sfn_state_machine.sdwan.definition, "putEvents") && !strcontains(aws_iam_role_policy.state_machine.policy, "events:") &&
      length(setsubtract(
        keys(jsondecode(aws_sfn_state_machine.sdwan.definition).States),
        concat(["Start"], flatten(regexall("\"(?:Next|Default)\": \"([A-Za-z0-9]+)\"", aws_sfn_state_machine.sdwan.definition))),
      )) == 0
    )
    error_message = "Events are sent though nobody wants them, or a state is left over."
  }
}
