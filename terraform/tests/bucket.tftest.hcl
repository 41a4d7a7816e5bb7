# The bucket: only where it is needed, private, and what the functions may do there.

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

override_resource {
  target = aws_s3_bucket.data
  values = { id = "sdwan-data", bucket = "sdwan-data", arn = "arn:aws:s3:::sdwan-data" }
}

override_resource {
  target = aws_s3_object.topology
  values = { version_id = "v7" }
}

run "default" {
  assert {
    condition     = length(aws_s3_bucket.data) == 0 && length(aws_s3_object.topology) == 0 && length(aws_s3_object.waves) == 0
    error_message = "The default pipeline has resources that it does not need."
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.phase["phase1"].environment[0].variables), "SDWAN_RESULTS")
    error_message = "The default pipeline's functions know a bucket."
  }
}

run "rollout" {
  variables {
    orchestration = "rollout"
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.phase :
      function.environment[0].variables["SDWAN_RESULTS"] == "s3://sdwan-data/results" && function.environment[0].variables["SDWAN_TOPOLOGY"] == jsonencode(var.topology)
    ])
    error_message = "The functions do not know where results go, or a small topology is not inline."
  }

  assert {
    condition = (
      jsondecode(aws_iam_role_policy.lambda.policy).Statement[5] == { Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::sdwan-data/results/*" } &&
      length(jsondecode(aws_iam_role_policy.lambda.policy).Statement) == 7
    )
    error_message = "The functions may do other than put results into the bucket."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.data[0].block_public_acls && aws_s3_bucket_public_access_block.data[0].block_public_policy &&
      aws_s3_bucket_public_access_block.data[0].ignore_public_acls && aws_s3_bucket_public_access_block.data[0].restrict_public_buckets &&
      aws_s3_bucket_versioning.data[0].versioning_configuration[0].status == "Enabled" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.data[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" &&
      aws_s3_bucket_lifecycle_configuration.data[0].rule[0].expiration[0].days == 90
    )
    error_message = "The bucket is not private, encrypted, versioned and emptied in time."
  }
}

run "a_large_topology" {
  variables {
    topology = {
      routers = { for n in range(60) : "r${n}" => { region = "us-east-1", role = "sdwan", loopback = "10.0.0.${n}/32", asn = 65001 } }
      tunnels = []
    }
    existing_hosts = {
      for n in range(60) : "r${n}" => { instance_id = format("i-%08x", n), outside_eip = "198.51.100.${n}", outside_private_ip = "10.1.0.${n}" }
    }
  }

  assert {
    condition     = aws_s3_object.topology[0].content == jsonencode(var.topology)
    error_message = "The object is not the topology."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.phase :
      function.environment[0].variables["SDWAN_TOPOLOGY"] == "s3://sdwan-data/topology.json?versionId=v7" && length(jsonencode(function.environment[0].variables)) < 4096
    ])
    error_message = "The functions do not read the version of the topology that they were deployed with."
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.lambda.policy).Statement, 5, 7) == [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::sdwan-data/results/*" },
      { Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "arn:aws:s3:::sdwan-data/topology.json" },
    ]
    error_message = "The functions can't read the topology, or may read more."
  }
}
