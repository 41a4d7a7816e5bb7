# What a deployment of the engine has of its own.

variable "name" {
  description = "The deployment's name: the machine's, and the beginning of the names of all that belongs to it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,46}$", var.name))
    error_message = "name has up to 47 lower-case letters, digits and hyphens (a rule called NAME-notify-execution has 64) and begins with a letter, not \"${var.name}\"."
  }
}

variable "functions" {
  description = "The deployment's functions: a short name => ARN. The machine may call these, and each is told of an execution that ended without success."
  type        = map(string)

  validation {
    # A rule has five targets at most.
    condition     = length(var.functions) >= 1 && length(var.functions) <= 5
    error_message = "functions names 1 to 5 functions, not ${length(var.functions)}."
  }

  validation {
    condition     = alltrue([for arn in values(var.functions) : length(split(":", arn)) == 7])
    error_message = "functions has ARNs, without a version or an alias: ${join(", ", [for arn in values(var.functions) : arn if length(split(":", arn)) != 7])}."
  }
}

variable "definition" {
  description = "A ready definition in place of the engine and its steps; then nothing but the machine, its role, its log and what watches it is made."
  type        = string
  default     = null

  validation {
    condition     = (var.definition == null) != (length(var.steps) == 0)
    error_message = "A machine has either steps or a ready definition."
  }
}

variable "title" {
  description = "What the types of the events begin with, like \"SD-WAN\"."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9 -]{0,39}$", var.title))
    error_message = "title has up to 40 letters, digits, spaces and hyphens, not \"${var.title}\"."
  }
}

variable "event_source" {
  description = "The source of the events."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9.-]{0,99}$", var.event_source)) && !startswith(var.event_source, "aws.")
    error_message = "event_source has up to 100 lower-case letters, digits, dots and hyphens and does not begin with aws., not \"${var.event_source}\"."
  }
}

variable "items" {
  description = "The deployment's word for what is rolled out, which is the field's name in the input and in what a step's function gets: instances, servers or clusters."
  type        = string
  default     = "instances"

  validation {
    condition     = contains(["instances", "servers", "clusters"], var.items)
    error_message = "items is instances, servers or clusters, not \"${var.items}\"."
  }
}

variable "admission" {
  description = "Which of the functions admits a rollout, and does the commands of its waves."
  type        = string
  default     = ""

  validation {
    condition     = length(var.steps) == 0 || contains(keys(var.functions), var.admission)
    error_message = "admission is one of ${join(", ", keys(var.functions))}, not \"${var.admission}\"."
  }
}

variable "steps" {
  description = "What a wave's items go through, in this order; [] with a ready definition. function: a name among functions; event: what the function gets beside the execution's event; timeout: seconds after which the function counts what has not ended as timed out; pause: seconds after the step, before the next one; required = false: a failure leaves a sentence in the wave's reason only; reached = true: the function is told of the items of this wave and those before it."
  type = list(object({
    name     = string
    function = string
    event    = optional(map(string))
    timeout  = number
    pause    = optional(number)
    required = optional(bool)
    reached  = optional(bool)
  }))
  default = []

  validation {
    condition     = length(distinct(var.steps[*].name)) == length(var.steps)
    error_message = "Steps' names must differ: ${join(", ", [for name, steps in { for step in var.steps : step.name => step... } : name if length(steps) > 1])}."
  }

  validation {
    condition     = alltrue([for step in var.steps : can(regex("^[a-z][a-z0-9-]{0,19}$", step.name)) && !can(regex("^(pre|post)[0-9]+$", step.name))])
    error_message = "A step's name has up to 20 lower-case letters, digits and hyphens, and is not one of a command (pre1, post1): ${join(", ", [for step in var.steps : "\"${step.name}\"" if !can(regex("^[a-z][a-z0-9-]{0,19}$", step.name)) || can(regex("^(pre|post)[0-9]+$", step.name))])}."
  }

  validation {
    condition     = alltrue([for step in var.steps : contains(keys(var.functions), step.function)])
    error_message = "A step's function is one of ${join(", ", keys(var.functions))}: ${join(", ", [for step in var.steps : "${step.name} has \"${step.function}\"" if !contains(keys(var.functions), step.function)])}."
  }

  validation {
    condition     = alltrue([for step in var.steps : step.timeout >= 1 && step.timeout <= 604800 && floor(step.timeout) == step.timeout])
    error_message = "A step's timeout is whole seconds from 1 to 604800: ${join(", ", [for step in var.steps : "${step.name} has ${step.timeout}" if !(step.timeout >= 1 && step.timeout <= 604800 && floor(step.timeout) == step.timeout)])}."
  }

  validation {
    condition     = alltrue([for step in var.steps : step.pause == null ? true : step.pause >= 0 && step.pause <= 86400 && floor(step.pause) == step.pause])
    error_message = "A step's pause is whole seconds from 0 to 86400: ${join(", ", [for step in var.steps : "${step.name} has ${step.pause == null ? 0 : step.pause}" if !(step.pause == null ? true : step.pause >= 0 && step.pause <= 86400 && floor(step.pause) == step.pause)])}."
  }
}

variable "undo" {
  description = "The step that takes back what the others did, for waves with onFailure = \"rollback\"; null where there is none."
  type = object({
    name     = string
    function = string
    event    = optional(map(string))
    timeout  = number
    reached  = optional(bool)
  })
  default = null

  validation {
    condition     = var.undo == null ? true : can(regex("^[a-z][a-z0-9-]{0,19}$", var.undo.name)) && !contains(var.steps[*].name, var.undo.name) && contains(keys(var.functions), var.undo.function)
    error_message = "undo has a name that no step has, and a function that is one of ${join(", ", keys(var.functions))}."
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

variable "max_concurrency" {
  description = "Items at once, for a wave that does not say."
  type        = number
  default     = 200

  validation {
    condition     = var.max_concurrency >= 1 && var.max_concurrency <= 1000 && floor(var.max_concurrency) == var.max_concurrency
    error_message = "max_concurrency is a whole number from 1 to 1000, not ${var.max_concurrency}."
  }
}

variable "history_table" {
  description = "Keep executions and waves in a DynamoDB table, NAME-history. Whoever lists the deployment's past does not need it: Step Functions keeps an execution for 90 days."
  type        = bool
  default     = false
}

variable "log_level" {
  description = "What the machine writes into its log: ALL, ERROR, FATAL or OFF."
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.log_level)
    error_message = "log_level is ALL, ERROR, FATAL or OFF, not \"${var.log_level}\"."
  }
}

variable "log_retention_days" {
  description = "Days that the machine's log is kept; one of the numbers that CloudWatch Logs takes."
  type        = number
  default     = 30
}

variable "tracing_enabled" {
  description = "X-Ray traces of executions; X-Ray charges for them."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags for everything that the module makes."
  type        = map(string)
  default     = {}
}
