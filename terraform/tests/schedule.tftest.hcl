# Verification by itself, and its alarms: off unless asked for.

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

run "off" {
  assert {
    condition = (
      length(aws_cloudwatch_event_rule.verify) == 0 && length(aws_cloudwatch_event_target.verify) == 0 &&
      length(aws_lambda_permission.verify) == 0 && length(aws_cloudwatch_metric_alarm.tunnel) == 0 &&
      length(aws_cloudwatch_metric_alarm.tunnels) == 0 &&
      aws_lambda_function.phase["phase3"].environment[0].variables.SDWAN_TUNNEL_METRICS == "false"
    )
    error_message = "The default has a schedule, an alarm, or metrics of tunnels."
  }
}

run "on" {
  variables {
    verify_schedule = "rate(15 minutes)"
    notify_email    = "network@example.com"
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.verify[0].schedule_expression == "rate(15 minutes)" &&
      aws_cloudwatch_event_target.verify[0].arn == aws_lambda_function.phase["phase3"].arn &&
      aws_cloudwatch_event_target.verify[0].input == "{}" &&
      aws_lambda_permission.verify[0].function_name == aws_lambda_function.phase["phase3"].function_name &&
      aws_lambda_permission.verify[0].principal == "events.amazonaws.com" &&
      aws_lambda_permission.verify[0].source_arn == aws_cloudwatch_event_rule.verify[0].arn
    )
    error_message = "The schedule does not reach phase 3's function, or is not let in."
  }

  assert {
    condition = (
      [for function in aws_lambda_function.phase : lookup(function.environment[0].variables, "SDWAN_TUNNEL_METRICS", "-")] == ["-", "-", "true"]
    )
    error_message = "Phase 3 alone tells CloudWatch of tunnels."
  }

  assert {
    condition = (
      toset(keys(aws_cloudwatch_metric_alarm.tunnel)) == toset(var.topology.tunnels[*].name) && length(aws_cloudwatch_metric_alarm.tunnels) == 0 &&
      alltrue([
        for name, alarm in aws_cloudwatch_metric_alarm.tunnel :
        alarm.namespace == "SDWAN" && alarm.metric_name == "TunnelUp" && alarm.dimensions == tomap({ Name = "sdwan", Tunnel = name }) &&
        alarm.treat_missing_data == "ignore" && alarm.alarm_actions == toset(module.rollout.alarm_actions) && alarm.ok_actions == alarm.alarm_actions
      ])
    )
    error_message = "Not every tunnel has its alarm, or one says nothing when it is up again."
  }
}

# One alarm stands for very many tunnels.
run "many" {
  variables {
    verify_schedule = "cron(0 6 * * ? *)"
    topology = {
      routers = merge({ hub = { region = "us-east-1", role = "sdwan", asn = 65001, loopback = "10.255.0.1/32" } }, {
        for number in range(101) : "b${number}" => { region = "us-east-1", role = "branch", asn = 65002, loopback = "10.255.1.${number + 1}/32" }
      })
      tunnels = [for number in range(101) : {
        name = "t${number}"
        ends = [
          { router = "hub", vti = "vti${number}", address = "169.254.${100 + floor(number / 64)}.${4 * (number % 64) + 1}/30" },
          { router = "b${number}", vti = "vti0", address = "169.254.${100 + floor(number / 64)}.${4 * (number % 64) + 2}/30" },
        ]
      }]
    }
    elastic_ip_quota = 205
    outside_open     = true
  }

  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.tunnel) == 0 &&
      aws_cloudwatch_metric_alarm.tunnels[0].metric_name == "TunnelsDown" && aws_cloudwatch_metric_alarm.tunnels[0].dimensions == tomap({ Name = "sdwan" })
    )
    error_message = "101 tunnels have an alarm each, or none."
  }
}

run "bad_words" {
  command = plan
  variables {
    verify_schedule = "every 15 minutes"
  }
  expect_failures = [var.verify_schedule]
}

run "singular" {
  command = plan
  variables {
    verify_schedule = "rate(1 hours)"
  }
  expect_failures = [var.verify_schedule]
}

run "too_often" {
  command = plan
  variables {
    verify_schedule = "rate(5 minutes)"
  }
  expect_failures = [var.verify_schedule]
}
