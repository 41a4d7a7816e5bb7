# Elastic Disaster Recovery launches and terminates in its caller's name: without these a job fails. They are those that
# the service authorization reference lists beside StartRecovery and TerminateRecoveryInstances, under the conditions of
# AWS's own policy AWSElasticDisasterRecoveryConsoleFullAccess_v2: through the service only, and on what carries its tag.

locals {
  through_service = { Bool = { "aws:ViaAWSService" = "true" } }
  # A tag that is there, whatever its value.
  on_its_own  = { Bool = { "aws:ViaAWSService" = "true" }, StringLike = { "aws:ResourceTag/AWSElasticDisasterRecoveryManaged" = "*" } }
  as_its_own  = { Bool = { "aws:ViaAWSService" = "true" }, StringLike = { "aws:RequestTag/AWSElasticDisasterRecoveryManaged" = "*" } }
  its_actions = ["CreateLaunchTemplate", "CreateNetworkInterface", "CreateSecurityGroup", "CreateSnapshot", "CreateVolume", "RunInstances"]

  launching = [
    {
      resources = ["instance"], condition = local.on_its_own
      actions   = ["AttachVolume", "DetachVolume", "ModifyInstanceAttribute", "StartInstances", "StopInstances", "TerminateInstances"]
    },
    { resources = ["volume"], condition = local.on_its_own, actions = ["AttachVolume", "CreateSnapshot", "DeleteVolume", "DetachVolume"] },
    { resources = ["snapshot"], condition = local.on_its_own, actions = ["CreateVolume", "DeleteSnapshot"] },
    {
      resources = ["launch-template"], condition = local.on_its_own
      actions   = ["CreateLaunchTemplateVersion", "DeleteLaunchTemplateVersions", "ModifyLaunchTemplate"]
    },
    {
      resources = ["security-group"], condition = local.on_its_own
      actions   = ["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress"]
    },
    { resources = ["volume"], condition = local.as_its_own, actions = ["CreateVolume"] },
    { resources = ["snapshot"], condition = local.as_its_own, actions = ["CreateSnapshot"] },
    { resources = ["launch-template"], condition = local.as_its_own, actions = ["CreateLaunchTemplate"] },
    { resources = ["security-group"], condition = local.as_its_own, actions = ["CreateSecurityGroup"] },
    { resources = ["instance"], condition = local.as_its_own, actions = ["RunInstances"] },
    { resources = ["vpc"], condition = local.through_service, actions = ["CreateSecurityGroup"] },
    {
      # What an instance is made of has no tag of the service's.
      resources = ["launch-template", "network-interface", "security-group", "subnet", "volume"], condition = local.through_service
      actions   = ["RunInstances"]
    },
    {
      resources = ["instance", "launch-template", "network-interface", "security-group", "snapshot", "volume"]
      condition = merge(local.through_service, { StringEquals = { "ec2:CreateAction" = local.its_actions } })
      actions   = ["CreateTags"]
    },
  ]
}

resource "aws_iam_role_policy" "launching" {
  name = "${var.name}-launching"
  role = aws_iam_role.recovery.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for each in local.launching : {
        Effect    = "Allow"
        Action    = [for action in each.actions : "ec2:${action}"]
        Resource  = [for kind in each.resources : "${local.ec2}:${kind}/*"]
        Condition = each.condition
      }],
      [
        {
          # Images and snapshots belong to whoever made them: an ARN without an account.
          Effect    = "Allow"
          Action    = ["ec2:RunInstances", "ec2:CreateVolume"]
          Resource  = ["arn:${local.partition}:ec2:${var.home_region}::image/*", "arn:${local.partition}:ec2:${var.home_region}::snapshot/*"]
          Condition = local.through_service
        },
        {
          Effect    = "Allow"
          Action    = ["ec2:CreateSnapshot", "ec2:CreateTags", "ec2:DeleteSnapshot"]
          Resource  = ["arn:${local.partition}:ec2:${var.home_region}::snapshot/*"]
          Condition = local.through_service
        },
        {
          # These know no resources, and only tell.
          Effect = "Allow"
          Action = [
            "ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones", "ec2:DescribeImages", "ec2:DescribeInstanceAttribute",
            "ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates", "ec2:DescribeSecurityGroups", "ec2:DescribeSnapshots", "ec2:DescribeSubnets",
            "ec2:DescribeVolumes", "ec2:GetEbsDefaultKmsKeyId", "ec2:GetEbsEncryptionByDefault",
          ]
          Resource = ["*"]
        },
        {
          # The service does this with its caller's rights, too.
          Effect   = "Allow"
          Action   = ["drs:CreateRecoveryInstanceForDrs", "drs:ListTagsForResource", "drs:TagResource"]
          Resource = ["${local.drs}:*"]
        },
        {
          Effect = "Allow"
          Action = ["iam:PassRole"]
          Resource = [for role in ["ConversionServerRole", "RecoveryInstanceRole", "RecoveryInstanceWithLaunchActionsRole"] :
            "arn:${local.partition}:iam::${local.account}:role/service-role/AWSElasticDisasterRecovery${role}"
          ]
          Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
        },
      ],
    )
  })
}
