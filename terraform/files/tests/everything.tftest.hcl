# What an apply makes, as docs/files.md and AWS's own rules have it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  zip = "tests/zips/files.zip"
}

run "network" {
  assert {
    condition     = aws_vpc.files.cidr_block == "10.0.0.0/16" && aws_vpc.files.enable_dns_hostnames && aws_vpc.files.enable_dns_support
    error_message = "a mount target is found by its DNS name"
  }

  assert {
    condition     = { for key, subnet in aws_subnet.private : key => [subnet.cidr_block, subnet.availability_zone] } == { a = ["10.0.1.0/24", "us-east-1a"], b = ["10.0.2.0/24", "us-east-1b"] }
    error_message = "two subnets in two zones"
  }

  assert {
    condition     = !anytrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch])
    error_message = "the subnets are private"
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.s3.route_table_ids) == length(distinct([for table in aws_route_table.private : table.id]))
    error_message = "S3 is reached from both route tables"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.nfs.from_port == 2049 && aws_vpc_security_group_ingress_rule.nfs.to_port == 2049 && aws_vpc_security_group_ingress_rule.nfs.referenced_security_group_id == aws_security_group.functions.id && aws_vpc_security_group_ingress_rule.nfs.cidr_ipv4 == null
    error_message = "NFS comes from the functions' group and from nobody else"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.nfs.security_group_id == aws_security_group.efs.id
    error_message = "the file system's group lets NFS in"
  }
}

run "file_system" {
  assert {
    condition     = aws_efs_file_system.files.encrypted && aws_efs_file_system.files.performance_mode == "generalPurpose"
    error_message = "it is encrypted, for general purposes"
  }

  assert {
    condition     = length(aws_efs_mount_target.files) == 2
    error_message = "each subnet has a mount target"
  }

  assert {
    condition     = one(aws_efs_access_point.lambda.root_directory).path == "/lambda" && one(one(aws_efs_access_point.lambda.root_directory).creation_info).permissions == "755" && one(one(aws_efs_access_point.lambda.root_directory).creation_info).owner_uid == 1000
    error_message = "the access point makes /lambda, 755, for user 1000"
  }

  assert {
    condition     = one(aws_efs_access_point.lambda.posix_user).uid == 1000 && one(aws_efs_access_point.lambda.posix_user).gid == 1000
    error_message = "everybody is 1000:1000 there"
  }
}

run "bucket" {
  assert {
    condition     = alltrue([aws_s3_bucket_public_access_block.files.block_public_acls, aws_s3_bucket_public_access_block.files.block_public_policy, aws_s3_bucket_public_access_block.files.ignore_public_acls, aws_s3_bucket_public_access_block.files.restrict_public_buckets])
    error_message = "nobody else reads the bucket"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.files.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "S3 encrypts with its own keys"
  }

  assert {
    condition     = one(aws_s3_bucket_notification.models.lambda_function).filter_prefix == "models/" && tolist(one(aws_s3_bucket_notification.models.lambda_function).events) == tolist(["s3:ObjectCreated:*"])
    error_message = "S3 tells of what is put below models/"
  }
}

run "functions" {
  assert {
    condition     = { for name, function in aws_lambda_function.function : name => [function.handler, function.memory_size, function.timeout, function.runtime] } == { producer = ["producer", 1024, 300, "provided.al2023"], consumer = ["consumer", 2048, 300, "provided.al2023"] }
    error_message = "one package, two handlers, 300 s, 1,024 and 2,048 MB"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.function : one(function.file_system_config).local_mount_path == "/mnt/efs" && one(function.file_system_config).arn == aws_efs_access_point.lambda.arn])
    error_message = "both have the access point at /mnt/efs"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.function : one(function.environment).variables.EFS_MOUNT_PATH == "/mnt/efs" && one(function.environment).variables.S3_BUCKET_NAME == "mocked"])
    error_message = "both know mount and bucket"
  }

  assert {
    condition     = one(aws_lambda_function.function["producer"].environment).variables.MAX_FILE_BYTES == "1073741824" && one(aws_lambda_function.function["consumer"].environment).variables.ENABLE_S3_ARCHIVE == "false"
    error_message = "a GiB is written out, and nothing is archived unless that is wished"
  }

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.producer.destination_config).on_failure).destination == aws_sqs_queue.failed.arn && aws_lambda_function_event_invoke_config.producer.maximum_retry_attempts == 2
    error_message = "what fails three times is kept"
  }
}

run "api" {
  assert {
    condition     = aws_api_gateway_stage.prod.stage_name == "prod" && toset([for route in aws_api_gateway_resource.route : route.path_part]) == toset(["ingest", "predict"])
    error_message = "stage prod has /ingest and /predict"
  }

  assert {
    condition     = alltrue([for route, integration in aws_api_gateway_integration.post : integration.type == "AWS_PROXY" && integration.integration_http_method == "POST"])
    error_message = "POST is handed to the functions"
  }

  assert {
    condition     = alltrue([for response in aws_api_gateway_integration_response.options : response.response_parameters["method.response.header.Access-Control-Allow-Origin"] == "'*'" && strcontains(response.response_parameters["method.response.header.Access-Control-Allow-Methods"], "POST")])
    error_message = "a page of another origin is told that it may"
  }

  assert {
    condition     = toset([for response in aws_api_gateway_gateway_response.error : response.response_type]) == toset(["DEFAULT_4XX", "DEFAULT_5XX"]) && alltrue([for response in aws_api_gateway_gateway_response.error : response.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"])
    error_message = "API Gateway's own errors carry CORS too"
  }

  assert {
    condition     = aws_lambda_permission.api["ingest"].source_arn == "arn:aws:execute-api:us-east-1:111122223333:abcdefghij/*/POST/ingest" && aws_lambda_permission.s3.source_arn == "arn:aws:s3:::mocked" && aws_lambda_permission.s3.source_account == "111122223333"
    error_message = "this API's method, this account's bucket, and nobody else"
  }
}
