# The role that created hosts run with; existing hosts bring their own.

locals {
  host_regions = local.create_hosts ? toset(local.regions) : toset([])

  # What the SSM agent calls to be online and to run commands, and no more: AmazonSSMManagedInstanceCore would let a
  # host read every parameter of the account. Not here, because nothing uses it: data channels (sessions), inventory,
  # patches, packages, documents of State Manager. None of these knows a resource that would narrow it.
  # https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
  agent_actions = [
    # That the agent is there, and its version: every five minutes.
    "ssm:UpdateInstanceInformation",
    # Whether State Manager has something for it: asked at the start and every ten minutes, whether there is or not.
    "ssm:ListInstanceAssociations",
    # The channel over which it gets commands and gives their results.
    "ssmmessages:CreateControlChannel",
    "ssmmessages:OpenControlChannel",
    # The way before that one: agents before 3.3.40, as they are in older images, know no other for commands.
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
  ]

  # An image under a key of one's own is decrypted by S3 for the host; the key can't be used for anything else.
  image_key_use = [for key in var.vyos_s3_kms_key_arn == null ? [] : [var.vyos_s3_kms_key_arn] : {
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = key
    Condition = { StringEquals = { "kms:ViaService" = "s3.${var.vyos_s3_region}.${data.aws_partition.current.dns_suffix}" } }
  }]
}

resource "aws_iam_role" "host" {
  for_each = local.host_regions

  name               = "${var.name}-host-${each.key}"
  assume_role_policy = local.trust["ec2"]
}

# No kms:Decrypt for the secrets: they are under the key aws/ssm, whose own policy lets everyone in the account who
# may read a parameter decrypt it through Systems Manager.
resource "aws_iam_role_policy" "host" {
  for_each = local.host_regions

  name = "${var.name}-host"
  role = aws_iam_role.host[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:${local.partition}:s3:::${var.vyos_s3_bucket}/${var.vyos_s3_key}"
      },
      {
        # And the keys that tunnels have of their own.
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = [for name in concat(local.secret_names, ["vpn-psk/*"]) : "arn:${local.partition}:ssm:${each.key}:${local.account}:parameter${local.secrets_prefix}${name}"]
      },
      {
        Effect   = "Allow"
        Action   = local.agent_actions
        Resource = "*"
      },
    ], local.image_key_use)
  })
}

resource "aws_iam_instance_profile" "host" {
  for_each = local.host_regions

  name = "${var.name}-host-${each.key}"
  role = aws_iam_role.host[each.key].name

  # A host that has the profile has its permissions: the SSM agent registers at the first boot.
  depends_on = [aws_iam_role_policy.host]
}
