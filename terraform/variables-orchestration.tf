# How an execution goes through the phases.

variable "orchestration" {
  description = "synchronous: a function waits while the hosts work. polling: it starts the work and returns, and the state machine asks again; nothing limits a phase to 15 minutes, and a failed phase can be redriven."
  type        = string
  default     = "synchronous"

  validation {
    condition     = contains(["synchronous", "polling"], var.orchestration)
    error_message = "orchestration must be synchronous or polling, not \"${var.orchestration}\"."
  }
}

variable "phase_timeouts" {
  description = "With polling: seconds after which a phase's unfinished routers count as timed out and their commands are cancelled."
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

variable "events_enabled" {
  description = "With polling: tell EventBridge when an execution, a wave or a phase starts and ends. A wave's approval is asked for in any case."
  type        = bool
  default     = true
}
