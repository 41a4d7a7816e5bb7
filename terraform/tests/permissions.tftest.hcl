# Who may do what: every statement of every policy, whole.

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

run "default_topology" {
  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[0] == {
      Effect = "Allow"
      Action = "ssm:SendCommand"
      Resource = [
        "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
        "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
      ]
    }
    error_message = "SendCommand is allowed for other documents."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[1] == {
      Effect = "Allow"
      Action = "ssm:SendCommand"
      Resource = [
        "arn:aws:ec2:eu-central-1:111122223333:instance/${module.frankfurt[0].hosts["fra-branch1"].instance_id}",
        "arn:aws:ec2:eu-central-1:111122223333:instance/${module.frankfurt[0].hosts["fra-sdwan"].instance_id}",
        "arn:aws:ec2:us-east-1:111122223333:instance/${module.virginia[0].hosts["nv-branch1"].instance_id}",
        "arn:aws:ec2:us-east-1:111122223333:instance/${module.virginia[0].hosts["nv-sdwan"].instance_id}",
      ]
    }
    error_message = "SendCommand is allowed for other instances than the four routers."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[2] == {
      Effect = "Allow"
      Action = [
        "ssm:GetCommandInvocation",
        "ssm:DescribeInstanceInformation",
        "ssm:CancelCommand",
        "ssm:ListCommands",
      ]
      Resource = "*"
    }
    error_message = "The actions without a resource are others."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[3] == {
      Effect = "Allow"
      Action = ["ssm:GetParameter", "ssm:GetParametersByPath"]
      Resource = [
        "arn:aws:ssm:eu-central-1:111122223333:parameter/sdwan",
        "arn:aws:ssm:eu-central-1:111122223333:parameter/sdwan/*",
        "arn:aws:ssm:us-east-1:111122223333:parameter/sdwan",
        "arn:aws:ssm:us-east-1:111122223333:parameter/sdwan/*",
      ]
    }
    error_message = "The functions may read other parameters."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[4] == {
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = flatten([for group in aws_cloudwatch_log_group.phase : [group.arn, "${group.arn}:*"]])
    }
    error_message = "The functions may write to other logs than their own."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.lambda.policy).Statement) == 5
    error_message = "The functions' role has a statement that no requirement asks for."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.state_machine.policy).Statement == [
      {
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for function in aws_lambda_function.phase : function.arn]
      },
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
        Resource = "*"
      },
    ]
    error_message = "The state machine's role differs."
  }

  assert {
    condition = alltrue([
      for region in ["eu-central-1", "us-east-1"] :
      jsondecode(aws_iam_role_policy.host[region].policy).Statement == [
        { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::images/vyos/vyos.tar.gz" },
        { Effect = "Allow", Action = "ssm:GetParameter", Resource = "arn:aws:ssm:${region}:111122223333:parameter/sdwan-secrets/*" },
      ]
    ])
    error_message = "A host may read other than the image and its own region's secrets."
  }

  assert {
    condition     = [for attachment in aws_iam_role_policy_attachment.host_ssm_core : attachment.policy_arn] == ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    error_message = "The hosts' roles lack Systems Manager, or have more."
  }

  assert {
    condition = {
      for role in concat([aws_iam_role.lambda, aws_iam_role.state_machine], values(aws_iam_role.host)) :
      role.name => jsondecode(role.assume_role_policy).Statement[0].Principal.Service
      } == {
      sdwan-lambda            = "lambda.amazonaws.com"
      sdwan-state-machine     = "states.amazonaws.com"
      sdwan-host-eu-central-1 = "ec2.amazonaws.com"
      sdwan-host-us-east-1    = "ec2.amazonaws.com"
    }
    error_message = "A role can be taken by another service."
  }
}

run "fifty_routers" {
  variables {
    topology = {
      routers = { for n in range(50) : "r${n}" => { region = "us-east-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(50) : "r${n}" => { instance_id = format("i-%08x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
  }

  assert {
    condition = (
      length(jsondecode(aws_iam_role_policy.lambda.policy).Statement[1].Resource) == 50 &&
      !strcontains(aws_iam_role_policy.lambda.policy, "Condition")
    )
    error_message = "Fifty routers are not named one by one."
  }
}

run "fifty_one_routers" {
  variables {
    topology = {
      routers = { for n in range(51) : "r${n}" => { region = "us-east-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(51) : "r${n}" => { instance_id = format("i-%08x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[1] == {
      Effect    = "Allow"
      Action    = "ssm:SendCommand"
      Resource  = ["arn:aws:ec2:us-east-1:111122223333:instance/*"]
      Condition = { StringLike = { "ssm:resourceTag/sdwan" = "?*" } }
    }
    error_message = "Above fifty routers the tag must decide."
  }
}
