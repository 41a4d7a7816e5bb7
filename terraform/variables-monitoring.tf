# What is watched, and by whom.

variable "monitoring_enabled" {
  description = "Alarms for executions that fail and routers that are not healthy, and a dashboard; CloudWatch charges for them."
  type        = bool
  default     = false
}

variable "alarm_actions" {
  description = "ARNs of what an alarm tells, like an SNS topic."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_actions : startswith(arn, "arn:")])
    error_message = "alarm_actions are ARNs: ${join(", ", [for arn in var.alarm_actions : "\"${arn}\"" if !startswith(arn, "arn:")])}."
  }
}

variable "tracing_enabled" {
  description = "X-Ray traces of executions and functions; X-Ray charges for them."
  type        = bool
  default     = false
}
