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
        "ssm:DescribeParameters",
        "ssm:GetCommandInvocation",
        "ssm:DescribeInstanceInformation",
        "ssm:CancelCommand",
        "ssm:ListCommands",
        "ssm:ListCommandInvocations",
      ]
      Resource = "*"
    }
    error_message = "The actions without a resource are others."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[3] == {
      Effect = "Allow"
      Action = "ssm:GetParametersByPath"
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
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for group in aws_cloudwatch_log_group.phase : "${group.arn}:*"]
    }
    error_message = "The functions may write to other logs than their own."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.lambda.policy).Statement) == 5
    error_message = "The functions' role has a statement that no requirement asks for."
  }

  assert {
    condition = alltrue([
      for region in ["eu-central-1", "us-east-1"] :
      jsondecode(aws_iam_role_policy.host[region].policy).Statement == [
        { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::images/vyos/vyos.tar.gz" },
        {
          Effect = "Allow"
          Action = "ssm:GetParameter"
          Resource = [
            "arn:aws:ssm:${region}:111122223333:parameter/sdwan-secrets/ubuntu-password",
            "arn:aws:ssm:${region}:111122223333:parameter/sdwan-secrets/vpn-psk",
            "arn:aws:ssm:${region}:111122223333:parameter/sdwan-secrets/vpn-psk/*",
          ]
        },
        {
          Effect = "Allow"
          Action = [
            "ssm:UpdateInstanceInformation",
            "ssm:ListInstanceAssociations",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:OpenControlChannel",
            "ec2messages:AcknowledgeMessage",
            "ec2messages:DeleteMessage",
            "ec2messages:FailMessage",
            "ec2messages:GetEndpoint",
            "ec2messages:GetMessages",
            "ec2messages:SendReply",
          ]
          Resource = "*"
        },
      ]
    ])
    error_message = "A host may do other than read the image and its own region's two secrets, and be managed."
  }

  assert {
    condition = {
      for role in concat([aws_iam_role.lambda], values(aws_iam_role.host)) :
      role.name => jsondecode(role.assume_role_policy).Statement[0].Principal.Service
      } == {
      sdwan-lambda            = "lambda.amazonaws.com"
      sdwan-host-eu-central-1 = "ec2.amazonaws.com"
      sdwan-host-us-east-1    = "ec2.amazonaws.com"
    }
    error_message = "A role can be taken by another service."
  }

  assert {
    condition     = jsondecode(aws_iam_role.lambda.assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    error_message = "A role can be taken for another account's function."
  }

  # EC2 fills no condition of a trust policy: with one no host would ever get credentials.
  assert {
    condition     = alltrue([for role in aws_iam_role.host : !strcontains(role.assume_role_policy, "Condition")])
    error_message = "EC2 can't take the hosts' role under a condition."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.lambda.policy, "sqs:")
    error_message = "Nothing is cancelled in the synchronous machine, so nothing can fail there."
  }
}

run "an_encrypted_image" {
  variables {
    vyos_s3_region      = "eu-central-1"
    vyos_s3_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = alltrue([
      for policy in aws_iam_role_policy.host :
      jsondecode(policy.policy).Statement[3] == {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        Condition = { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
      } && length(jsondecode(policy.policy).Statement) == 4
    ])
    error_message = "A host can't decrypt the image, or may use the key for something else, or another key."
  }
}

run "an_alias_is_no_key" {
  command = plan

  variables {
    vyos_s3_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:alias/images"
  }

  expect_failures = [var.vyos_s3_kms_key_arn]
}

run "what_is_not_cancelled_is_kept" {
  variables {
    orchestration = "rollout"
  }

  assert {
    condition = contains(jsondecode(aws_iam_role_policy.lambda.policy).Statement, {
      Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:us-east-1:111122223333:sdwan-failed-cancellation"
    })
    error_message = "Lambda can't write to the queue in the function's name."
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
      Condition = { StringEquals = { "ssm:resourceTag/sdwan" = "sdwan" } }
    }
    error_message = "Above fifty routers the tag must decide."
  }
}
