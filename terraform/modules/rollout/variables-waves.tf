# The deployment's default waves. They go to the admission, not into the definition, so that its size is theirs in no way.

variable "selectors" {
  description = "Fields of a wave that say which items it has, like [\"routers\"] or [\"servers\", \"groups\"]. The first names items; what others name is the admission's to find."
  type        = list(string)
  default     = ["routers"]

  validation {
    condition     = length(var.selectors) > 0 && alltrue([for field in var.selectors : can(regex("^[a-z]{1,20}$", field))])
    error_message = "selectors names at least one field, of lower-case letters: ${join(", ", var.selectors)}."
  }
}

variable "known_items" {
  description = "Every item that there is, where Terraform knows them: then waves name all of them, and nothing else. null where it does not."
  type        = list(string)
  default     = null
}

variable "waves" {
  description = "Waves in their order; [] for one wave of everything. name; one of selectors, or rest = true: all that no other wave names; dependsOn: waves before it without which it is skipped; pauseBefore: wait for an approval; maxConcurrency: items at once; maxErrors: items that may fail in the wave, a number or a percentage; onFailure: stop, continue, or rollback (and stop); preCommands, postCommands: SSM documents before the first step and after the last: { document, parameters, instances, timeout, required }. null counts as absent."
  # A list(object) would drop a misspelt field without a word.
  type    = any
  default = []

  validation {
    condition     = can([for wave in var.waves : keys(wave)]) && can(length(var.waves))
    error_message = "waves is a list of objects."
  }

  validation {
    condition     = try(length(var.waves), 0) <= 100
    error_message = "A rollout has at most 100 waves, not ${try(length(var.waves), 0)}."
  }
}
