# What is watched, and by whom.

variable "notify_email" {
  description = "Address that gets a mail when an approval is wanted, something failed, or an execution ended, and when an alarm is raised; null for none. It has to confirm the subscription first."
  type        = string
  default     = null

  validation {
    condition     = var.notify_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+$", var.notify_email))
    error_message = "notify_email is an address like network@example.com, not \"${var.notify_email == null ? "" : var.notify_email}\"."
  }
}

variable "alarms_enabled" {
  description = "Alarms for executions that end without success; CloudWatch charges for them."
  type        = bool
  default     = false
}

variable "further_alarms" {
  description = "Names of the deployment's own alarms that tell what the output alarm_actions says."
  type        = list(string)
  default     = []
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
