# Where a root made before the engine has its machine and what belongs to it: none of it is made anew.

moved {
  from = aws_sfn_state_machine.sdwan
  to   = module.rollout.aws_sfn_state_machine.machine
}

moved {
  from = aws_cloudwatch_log_group.state_machine
  to   = module.rollout.aws_cloudwatch_log_group.machine
}

moved {
  from = aws_iam_role.state_machine
  to   = module.rollout.aws_iam_role.machine
}

moved {
  from = aws_iam_role_policy.state_machine
  to   = module.rollout.aws_iam_role_policy.machine
}

moved {
  from = aws_cloudwatch_event_rule.ended
  to   = module.rollout.aws_cloudwatch_event_rule.ended
}

moved {
  from = aws_sqs_queue.failed_cancellation
  to   = module.rollout.aws_sqs_queue.failed_cancellation
}

moved {
  from = aws_sqs_queue_policy.failed_cancellation
  to   = module.rollout.aws_sqs_queue_policy.failed_cancellation
}

moved {
  from = aws_lambda_permission.cancel[0]
  to   = module.rollout.aws_lambda_permission.cancel["phase1"]
}

moved {
  from = aws_lambda_function_event_invoke_config.cancel[0]
  to   = module.rollout.aws_lambda_function_event_invoke_config.cancel["phase1"]
}

moved {
  from = aws_kms_key.notifications
  to   = module.rollout.aws_kms_key.notifications
}

moved {
  from = aws_sns_topic.notifications
  to   = module.rollout.aws_sns_topic.notifications
}

moved {
  from = aws_sns_topic_policy.notifications
  to   = module.rollout.aws_sns_topic_policy.notifications
}

moved {
  from = aws_sns_topic_subscription.email
  to   = module.rollout.aws_sns_topic_subscription.email
}

moved {
  from = aws_cloudwatch_event_rule.notified["sdwan"]
  to   = module.rollout.aws_cloudwatch_event_rule.notified["engine"]
}

moved {
  from = aws_cloudwatch_event_rule.notified["execution"]
  to   = module.rollout.aws_cloudwatch_event_rule.notified["execution"]
}

moved {
  from = aws_cloudwatch_event_target.notified["sdwan"]
  to   = module.rollout.aws_cloudwatch_event_target.notified["engine"]
}

moved {
  from = aws_cloudwatch_event_target.notified["execution"]
  to   = module.rollout.aws_cloudwatch_event_target.notified["execution"]
}

moved {
  from = aws_cloudwatch_metric_alarm.execution
  to   = module.rollout.aws_cloudwatch_metric_alarm.execution
}
