# A rollout in waves: the canary first, the rest when it is healthy.

# What is wrong with a wave is said by modules/rollout (waves.tf).
variable "waves" {
  description = "Default waves in their order, with orchestration rollout; [] for one wave of all routers. An execution may bring others. Each goes through phases 1 to 3 and must be healthy before the next begins. Together they name every router of the topology, or one of them has rest = true: all that the others don't name. docs/large-networks.md has the fields."
  # A list(object) would drop a misspelt field without a word.
  type    = any
  default = []

  validation {
    condition     = try(length(var.waves), 1) == 0 || var.orchestration != "synchronous"
    error_message = "Waves need orchestration = \"rollout\"."
  }
}

variable "approval_timeout_seconds" {
  description = "How long a wave with pauseBefore waits for its approval; then the rollout is cancelled."
  type        = number
  default     = 86400

  validation {
    condition     = var.approval_timeout_seconds >= 1 && var.approval_timeout_seconds <= 2592000 && floor(var.approval_timeout_seconds) == var.approval_timeout_seconds
    error_message = "approval_timeout_seconds must be whole seconds from 1 to 2592000, not ${var.approval_timeout_seconds}."
  }
}
