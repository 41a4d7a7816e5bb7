# How an execution goes through the phases.

variable "orchestration" {
  description = "synchronous: a function waits while the hosts work. rollout: it starts the work and returns, and the state machine asks again, wave by wave; nothing limits a phase to 15 minutes, and a failed rollout goes on where its output says."
  type        = string
  default     = "synchronous"

  # A rule passes over what another one refuses.
  validation {
    condition     = var.orchestration != "polling"
    error_message = "orchestration = \"polling\" is orchestration = \"rollout\" now: the same phases under one engine, with waves or without. docs/migration.md says what is different."
  }

  validation {
    condition     = contains(["synchronous", "rollout", "polling"], var.orchestration)
    error_message = "orchestration must be synchronous or rollout, not \"${var.orchestration}\"."
  }
}

variable "phase_timeouts" {
  description = "With rollout: seconds after which a phase's unfinished routers count as timed out and their commands are cancelled."
  type = object({
    phase1 = optional(number, 3600)
    phase2 = optional(number, 1800)
    phase3 = optional(number, 1800)
  })
  default = {}

  validation {
    condition     = alltrue([for seconds in var.phase_timeouts : seconds >= 30 && seconds <= 86400 && floor(seconds) == seconds])
    error_message = "phase_timeouts must be whole seconds from 30 to 86400."
  }
}

variable "results_expiry_days" {
  description = "Days that the bucket keeps results and old versions of the topology."
  type        = number
  default     = 90

  validation {
    condition     = var.results_expiry_days >= 1 && var.results_expiry_days <= 3650 && floor(var.results_expiry_days) == var.results_expiry_days
    error_message = "results_expiry_days must be whole days from 1 to 3650, not ${var.results_expiry_days}."
  }
}

variable "history_table" {
  description = "With rollout: keep executions and their waves in a DynamoDB table, NAME-history. Step Functions itself keeps an execution for 90 days."
  type        = bool
  default     = false

  validation {
    condition     = !var.history_table || var.orchestration != "synchronous"
    error_message = "history_table needs orchestration = \"rollout\": the synchronous machine keeps no history."
  }
}
