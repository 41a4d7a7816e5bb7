# A role for each function: what looks can't change anything.

locals {
  eks = "arn:${local.partition}:eks:${var.home_region}:${local.account}"

  # Those that are upgraded, and those that their traffic goes to.
  greens        = [for cluster in values(var.clusters) : cluster.traffic.green if cluster.traffic != null]
  all           = sort(distinct(concat(keys(var.clusters), local.greens)))
  zones         = sort(distinct([for cluster in values(var.clusters) : cluster.traffic.zone if cluster.traffic != null]))
  clusters_arns = [for name in local.all : "${local.eks}:cluster/${name}"]
  parts_arns = flatten([for name in local.all : [
    "${local.eks}:nodegroup/${name}/*", "${local.eks}:addon/${name}/*", "${local.eks}:fargateprofile/${name}/*",
  ]])

  look = [
    {
      Effect = "Allow"
      Action = [
        "eks:DescribeAddon", "eks:DescribeCluster", "eks:DescribeNodegroup", "eks:DescribeUpdate",
        "eks:ListAddons", "eks:ListFargateProfiles", "eks:ListInsights", "eks:ListNodegroups", "eks:ListUpdates",
      ]
      Resource = concat(local.clusters_arns, local.parts_arns)
    },
    {
      # These know no resources.
      Effect   = "Allow"
      Action   = ["eks:DescribeAddonVersions", "eks:DescribeClusterVersions"]
      Resource = ["*"]
    },
    {
      Effect   = "Allow"
      Action   = ["events:PutEvents"]
      Resource = ["arn:${local.partition}:events:${var.home_region}:${local.account}:event-bus/default"]
    },
  ]
  refresh = [{
    Effect   = "Allow"
    Action   = ["eks:DescribeInsightsRefresh", "eks:StartInsightsRefresh"]
    Resource = local.clusters_arns
  }]
  change = [{
    Effect   = "Allow"
    Action   = ["eks:UpdateAddon", "eks:UpdateClusterVersion", "eks:UpdateNodegroupVersion"]
    Resource = concat(local.clusters_arns, local.parts_arns)
  }]
  shift = [for statement in [
    {
      Effect   = "Allow"
      Action   = ["route53:ChangeResourceRecordSets"]
      Resource = [for zone in local.zones : "arn:${local.partition}:route53:::hostedzone/${zone}"]
    },
    {
      Effect   = "Allow"
      Action   = ["route53:GetChange"]
      Resource = ["arn:${local.partition}:route53:::change/*"]
    },
  ] : statement if length(local.zones) > 0]

  # A name may be a model's or an inference profile's. Through a profile, and no other way, it may use the models of other
  # regions that the profile sends to.
  models = var.advice_model == null ? [] : startswith(var.advice_model, "arn:") ? [var.advice_model] : [
    "arn:${local.partition}:bedrock:${var.home_region}:${local.account}:inference-profile/${var.advice_model}",
    "arn:${local.partition}:bedrock:${var.home_region}::foundation-model/${var.advice_model}",
  ]
  advice = concat(
    [for arns in [local.models] : {
      Effect   = "Allow"
      Action   = ["bedrock:InvokeModel"]
      Resource = arns
    } if length(arns) > 0],
    [for arn in local.models : {
      Effect    = "Allow"
      Action    = ["bedrock:InvokeModel"]
      Resource  = ["arn:${local.partition}:bedrock:*::foundation-model/*"]
      Condition = { StringEquals = { "bedrock:InferenceProfileArn" = arn } }
    } if strcontains(arn, "inference-profile/")],
  )

  own = {
    perception = local.refresh
    reasoning = concat(local.refresh, local.advice, [{
      # It knows no resources.
      Effect   = "Allow"
      Action   = ["ec2:DescribeSubnets"]
      Resource = ["*"]
    }])
    execution = concat(local.change, local.shift, [for statement in [{
      # Only with decommission, and only clusters that have given their traffic to another one.
      Effect   = "Allow"
      Action   = ["eks:DeleteCluster"]
      Resource = [for name, cluster in var.clusters : "${local.eks}:cluster/${name}" if cluster.traffic != null]
    }] : statement if length(statement.Resource) > 0])
    validation = []
    rollback = concat(local.change, local.shift, [{
      # When an execution began: what was upgraded before is not its to take back.
      Effect   = "Allow"
      Action   = ["states:DescribeExecution"]
      Resource = ["arn:${local.partition}:states:${var.home_region}:${local.account}:execution:${var.name}:*"]
    }])
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name = "${var.name}-${each.key}"

  # No other account's function, though the service is the same.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name = "${var.name}-${each.key}"
  role = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.look, local.own[each.key], [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
      },
      {
        # Lambda writes there in the function's name.
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [module.rollout.failed_cancellation_arn]
      },
    ])
  })
}
