# The role that created hosts run with; existing hosts bring their own.

locals {
  host_regions = local.create_hosts ? toset(local.regions) : toset([])
}

resource "aws_iam_role" "host" {
  for_each = local.host_regions

  name               = "sdwan-host-${each.key}"
  assume_role_policy = local.trust["ec2"]
}

resource "aws_iam_role_policy_attachment" "host_ssm_core" {
  for_each = local.host_regions

  role       = aws_iam_role.host[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

# No kms:Decrypt: the secrets are under the key aws/ssm, whose own policy lets everyone in the
# account who may read a parameter decrypt it through Systems Manager.
resource "aws_iam_role_policy" "host" {
  for_each = local.host_regions

  name = "sdwan-host"
  role = aws_iam_role.host[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:${local.partition}:s3:::${var.vyos_s3_bucket}/${var.vyos_s3_key}"
      },
      {
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = "arn:${local.partition}:ssm:${each.key}:${local.account}:parameter/sdwan-secrets/*"
      },
    ]
  })
}

resource "aws_iam_instance_profile" "host" {
  for_each = local.host_regions

  name = "sdwan-host-${each.key}"
  role = aws_iam_role.host[each.key].name

  # A host that has the profile has its permissions: the SSM agent registers at the first boot.
  depends_on = [aws_iam_role_policy.host, aws_iam_role_policy_attachment.host_ssm_core]
}
