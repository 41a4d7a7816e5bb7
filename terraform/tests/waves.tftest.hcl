# The default waves on their way to the admission. What is refused of them: rollout.tftest.hcl.

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
  orchestration   = "rollout"
}

override_resource {
  target = aws_s3_bucket.data
  values = { id = "sdwan-data", bucket = "sdwan-data", arn = "arn:aws:s3:::sdwan-data" }
}

override_resource {
  target = aws_s3_object.topology
  values = { version_id = "v7" }
}

override_resource {
  target = aws_s3_object.waves
  values = { version_id = "v8" }
}

run "none" {
  assert {
    condition = (
      aws_lambda_function.phase["phase1"].environment[0].variables["SDWAN_WAVES"] == "[]" &&
      !can(aws_lambda_function.phase["phase2"].environment[0].variables["SDWAN_WAVES"]) && length(aws_s3_object.waves) == 0
    )
    error_message = "Without waves the admission is told of some, or another function is told of them."
  }
}

run "two" {
  variables {
    waves = [
      { name = "canary", routers = ["nv-sdwan"], preCommands = [{ document = "Acme-Backup", parameters = { to = ["s3://<b>"] } }] },
      { name = "others", rest = true, dependsOn = ["canary"], maxErrors = "10%", postCommands = [{ document = "arn:aws:ssm:us-east-1:444455556666:document/Acme-Shared", required = false }] },
    ]
  }

  assert {
    condition     = jsondecode(aws_lambda_function.phase["phase1"].environment[0].variables["SDWAN_WAVES"]) == var.waves
    error_message = "The admission gets other waves."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.lambda.policy).Statement[0].Resource == [
      "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
      "arn:aws:ssm:eu-central-1:111122223333:document/Acme-Backup",
      "arn:aws:ssm:us-east-1:444455556666:document/Acme-Shared",
      "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
      "arn:aws:ssm:us-east-1:111122223333:document/Acme-Backup",
    ]
    error_message = "The functions may send other documents than those of the waves, or not all of them."
  }
}

run "many_beside_a_small_topology" {
  variables {
    waves = concat([{ name = "canary", routers = ["nv-sdwan"], preCommands = [for n in range(10) : { document = "Acme-Backup", parameters = { commands = [join("", [for m in range(400) : "é"])] } }] }], [{ name = "others", rest = true }])
  }

  assert {
    condition = (
      aws_s3_object.waves[0].content == jsonencode(var.waves) &&
      aws_lambda_function.phase["phase1"].environment[0].variables["SDWAN_WAVES"] == "s3://sdwan-data/waves.json?versionId=v8" &&
      contains(jsondecode(aws_iam_role_policy.lambda.policy).Statement, { Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "arn:aws:s3:::sdwan-data/waves.json" })
    )
    error_message = "Waves that do not fit into an environment are not in the bucket, or can't be read there."
  }
}

run "few_beside_a_large_topology" {
  variables {
    topology = {
      routers = { for n in range(60) : "r${n}" => { region = "us-east-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(60) : "r${n}" => { instance_id = format("i-%08x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
    waves = [{ name = "canary", routers = ["r1"] }, { name = "others", rest = true }]
  }

  assert {
    condition = (
      aws_lambda_function.phase["phase1"].environment[0].variables["SDWAN_TOPOLOGY"] == "s3://sdwan-data/topology.json?versionId=v7" &&
      jsondecode(aws_lambda_function.phase["phase1"].environment[0].variables["SDWAN_WAVES"]) == var.waves && length(aws_s3_object.waves) == 0
    )
    error_message = "A large topology takes the waves with it."
  }
}
