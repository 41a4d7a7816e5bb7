# What the deployment is called, and where it lives.

variable "name" {
  description = "The deployment's name. All that is made is called by it, and its groups of servers lie below /NAME/groups/. Another name makes everything anew."
  type        = string
  default     = "recovery"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 46
    error_message = "name has up to 46 lower-case letters, digits and single hyphens (the rule NAME-notify-execution has 64), begins with a letter and ends with no hyphen, not \"${var.name}\"."
  }

  validation {
    condition     = !can(regex("^(aws|ssm)", var.name))
    error_message = "name can't begin with aws or ssm, which Parameter Store keeps for AWS, not \"${var.name}\"."
  }
}

variable "tags" {
  description = "Tags for everything that is made and can have tags. What the service launches has those of its own settings."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && !startswith(lower(key), "aws:")])
    error_message = "There are up to 50 tags, with keys of 1 to 128 characters that don't begin with aws: and values of up to 256."
  }
}

variable "home_region" {
  description = "Region into which the servers are recovered: that of the function, the state machine and the source servers' replication."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.home_region))
    error_message = "home_region must be a region like us-east-1, not \"${var.home_region}\"."
  }
}

# How an execution goes.

variable "waves" {
  description = "Default waves in their order; [] for one wave of all source servers. An execution may bring others. A wave has a name; servers (ids like s-0123456789abcdef0), groups, or rest = true; dependsOn, pauseBefore, onFailure (stop or continue), maxErrors, maxConcurrency; preCommands (with the instances that they run on) and postCommands (on the recovery instances). The type, drill or recovery, is never a default: each execution says it."
  # A list(object) would drop a misspelt field without a word.
  type    = any
  default = []

  validation {
    condition     = alltrue([for wave in try([for wave in var.waves : wave], []) : try(wave.onFailure != "rollback", true)])
    error_message = "onFailure is stop or continue: a recovery is not taken back, and a drill ends with the action terminate."
  }

  validation {
    condition     = alltrue(flatten([for wave in try([for wave in var.waves : wave], []) : [for server in try(wave.servers, []) : can(regex("^s-[0-9a-zA-Z]{17}$", server))]]))
    error_message = "Servers are ids like s-0123456789abcdef0."
  }
}

variable "groups" {
  description = "Groups of servers by their names: each either servers, a list of ids, or tag, which the group's source servers have. They become parameters below /NAME/groups/; others may be there that nobody here knows."
  type = map(object({
    servers = optional(list(string))
    tag     = optional(map(string))
  }))
  default = {}

  validation {
    condition     = alltrue([for name, group in var.groups : can(regex("^[a-zA-Z0-9_.-]{1,64}$", name)) && (group.servers == null) != (group.tag == null)])
    error_message = "A group has a name of up to 64 letters, digits, _ . and -, and either servers or tag: ${join(", ", [for name, group in var.groups : name if !can(regex("^[a-zA-Z0-9_.-]{1,64}$", name)) || (group.servers == null) == (group.tag == null)])}."
  }

  validation {
    condition     = alltrue(flatten([for group in values(var.groups) : [for server in coalesce(group.servers, []) : can(regex("^s-[0-9a-zA-Z]{17}$", server))]]))
    error_message = "A group's servers are ids like s-0123456789abcdef0."
  }

  validation {
    condition     = alltrue([for group in values(var.groups) : try(length(group.tag) > 0, true)])
    error_message = "A group's tag has a key and a value at least."
  }
}

variable "wave_timeout" {
  description = "Seconds after which a wave's servers that were not launched count as timed out. Their job goes on: none can be stopped."
  type        = number
  default     = 3600

  validation {
    condition     = var.wave_timeout >= 60 && var.wave_timeout <= 86400 && floor(var.wave_timeout) == var.wave_timeout
    error_message = "wave_timeout must be whole seconds from 60 to 86400, not ${var.wave_timeout}."
  }
}

variable "online_timeout" {
  description = "Seconds for which a command after a wave waits for its recovery instances to be online in Systems Manager."
  type        = number
  default     = 600

  validation {
    condition     = var.online_timeout >= 0 && var.online_timeout <= 600
    error_message = "online_timeout must be seconds from 0 to 600, not ${var.online_timeout}."
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

# The function.

variable "zip_directory" {
  description = "Folder with recovery.zip, as scripts/package writes it."
  type        = string
  default     = "../../dist"
}

variable "architecture" {
  description = "The processor that the package was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64, not \"${var.architecture}\"."
  }
}

variable "log_level" {
  description = "What the function writes into its log: TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL, not \"${var.log_level}\"."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept; one of the numbers that CloudWatch Logs takes."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is a number that CloudWatch Logs takes, like 30 or 365, not ${var.log_retention_days}."
  }
}

# What is watched, and by whom.

variable "notify_email" {
  description = "Address that gets a mail when an approval is wanted, something failed, or an execution ended; null for none. It has to confirm the subscription first."
  type        = string
  default     = null

  validation {
    condition     = var.notify_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+$", var.notify_email))
    error_message = "notify_email is an address like recovery@example.com, not \"${var.notify_email == null ? "" : var.notify_email}\"."
  }
}

variable "monitoring_enabled" {
  description = "Alarms for executions that end without success, and a dashboard; CloudWatch charges for them."
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
