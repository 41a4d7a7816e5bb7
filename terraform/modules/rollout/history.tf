# Executions and their waves, for who wants to ask for them by more than an ARN. An item is one of both: an execution's
# has "-" for its wave.

locals {
  history_table = "${var.name}-history"
}

resource "aws_dynamodb_table" "history" {
  count = local.is_rollout && var.history_table ? 1 : 0

  name         = local.history_table
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "execution"
  range_key    = "wave"
  tags         = var.tags

  attribute {
    name = "execution"
    type = "S"
  }

  attribute {
    name = "wave"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}
