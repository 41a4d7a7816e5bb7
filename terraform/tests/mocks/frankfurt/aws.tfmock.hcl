mock_data "aws_ami" {
  defaults = { id = "ami-0ffffffffffffffff" }
}

mock_resource "aws_ssm_parameter" {
  defaults = { arn = "arn:aws:ssm:eu-central-1:111122223333:parameter" }
}

mock_resource "aws_eip" {
  defaults = { public_ip = "203.0.113.1" }
}
