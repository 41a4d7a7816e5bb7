# What is refused before anything is made.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  zip = "tests/zips/files.zip"
}

run "longest_name" {
  command = plan

  variables {
    name = join("", [for n in range(36) : "x"])
  }
}

run "refused" {
  command = plan

  variables {
    name               = "Files"
    tags               = { Name = "x" }
    home_region        = "virginia"
    architecture       = "sparc"
    max_file_bytes     = 0
    throughput_mode    = "provisioned"
    log_level          = "LOUD"
    log_retention_days = 2
  }

  expect_failures = [var.name, var.tags, var.home_region, var.architecture, var.max_file_bytes, var.throughput_mode, var.log_level, var.log_retention_days]
}

run "no_package" {
  command = plan

  variables {
    zip = "tests/zips/none.zip"
  }

  expect_failures = [aws_lambda_function.function]
}
