# Verification without an execution.

variable "verify_schedule" {
  description = "How often phase 3 looks at the network by itself, like \"rate(15 minutes)\" or \"cron(0 6 * * ? *)\"; null for never. It changes nothing. CloudWatch gets metrics of each tunnel, and an alarm is raised when one goes down and ends when it is up again; CloudWatch charges for both."
  type        = string
  default     = null

  validation {
    condition     = var.verify_schedule == null || can(regex("^(rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))\\)|cron\\([^ ()]+( [^ ()]+){5}\\))$", var.verify_schedule))
    error_message = "verify_schedule is like rate(15 minutes), rate(1 hour) or cron(0 6 * * ? *), not \"${var.verify_schedule == null ? "" : var.verify_schedule}\"."
  }

  # The function may take that long; two at once would wait for each other's locks on the hosts.
  validation {
    condition     = var.verify_schedule == null || !can(regex("^rate\\([1-9] minutes?\\)$", var.verify_schedule))
    error_message = "Phase 3 may take ten minutes, so verify_schedule is rate(10 minutes) or more, not \"${var.verify_schedule == null ? "" : var.verify_schedule}\"."
  }
}
