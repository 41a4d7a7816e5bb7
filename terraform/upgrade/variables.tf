# What the deployment is called, and where it lives.

variable "name" {
  description = "The deployment's name. All that is made is called by it. Another name makes everything anew."
  type        = string
  default     = "upgrade"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 46
    error_message = "name has up to 46 lower-case letters, digits and single hyphens (the rule NAME-notify-execution has 64), begins with a letter and ends with no hyphen, not \"${var.name}\"."
  }
}

variable "tags" {
  description = "Tags for everything that is made and can have tags."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && !startswith(lower(key), "aws:")])
    error_message = "There are up to 50 tags, with keys of 1 to 128 characters that don't begin with aws: and values of up to 256."
  }
}

variable "home_region" {
  description = "Region of the clusters, the functions and the state machine."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.home_region))
    error_message = "home_region must be a region like us-east-1, not \"${var.home_region}\"."
  }
}

# What is upgraded, and how.

variable "clusters" {
  description = "The EKS clusters by their names. health: URLs that answer with 2xx as long as the cluster is well. traffic: for the strategy blue-green, the other cluster (green), which exists and has the target already, and the two weighted records of one name: zone (a hosted zone's id), record (the name), type, ttl, blue_identifier and blue_value of this cluster, green_identifier and green_value of the other one, health of the other one."
  type = map(object({
    health = optional(list(string))
    traffic = optional(object({
      green            = string
      zone             = string
      record           = string
      type             = optional(string)
      ttl              = optional(number)
      blue_identifier  = string
      blue_value       = string
      green_identifier = string
      green_value      = string
      health           = optional(list(string))
    }))
  }))

  validation {
    condition     = length(var.clusters) > 0
    error_message = "clusters names one cluster at least."
  }

  validation {
    condition     = alltrue([for name in concat(keys(var.clusters), [for cluster in values(var.clusters) : cluster.traffic.green if cluster.traffic != null]) : can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", name))])
    error_message = "A cluster's name has 1 to 100 letters, digits, - and _, and begins with a letter or a digit: ${join(", ", [for name in concat(keys(var.clusters), [for cluster in values(var.clusters) : cluster.traffic.green if cluster.traffic != null]) : name if !can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", name))])}."
  }

  validation {
    condition     = alltrue(flatten([for cluster in values(var.clusters) : [for url in concat(coalesce(cluster.health, []), cluster.traffic == null ? [] : coalesce(cluster.traffic.health, [])) : can(regex("^https?://[!-~]+$", url))]]))
    error_message = "health has URLs that begin with https:// or http://."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : cluster.traffic == null ? true : can(regex("^[A-Z0-9]{1,32}$", cluster.traffic.zone))])
    error_message = "traffic.zone is the id of a hosted zone, like Z0123456789ABC, without /hostedzone/."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : cluster.traffic == null ? true : contains(["A", "AAAA", "CNAME"], coalesce(cluster.traffic.type, "CNAME"))])
    error_message = "traffic.type is A, AAAA or CNAME."
  }
}

variable "waves" {
  description = "Default waves in their order; [] for one wave of all clusters. An execution may bring others. A wave has a name; clusters, or rest = true; dependsOn, pauseBefore, onFailure (stop, continue or rollback), maxErrors, maxConcurrency."
  # A list(object) would drop a misspelt field without a word.
  type    = any
  default = []
}

variable "advice_model" {
  description = "A model of Amazon Bedrock that comments on plans, for people; it decides nothing, and costs money. Its id, or the id or ARN of an inference profile; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.advice_model == null || (can(regex("^[0-9A-Za-z][0-9A-Za-z.:/_-]*$", var.advice_model)) && length(coalesce(var.advice_model, "-")) <= 2048)
    error_message = "advice_model is the id of a model, or the id or ARN of an inference profile, not \"${var.advice_model == null ? "" : var.advice_model}\"."
  }
}

variable "timeouts" {
  description = "Seconds after which a step's clusters that have not ended count as timed out, by the steps: perception, reasoning, execution, validation, rollback. An update of EKS that runs goes on."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.timeouts), ["perception", "reasoning", "execution", "validation", "rollback"])) == 0
    error_message = "timeouts has perception, reasoning, execution, validation and rollback, not ${join(", ", setsubtract(keys(var.timeouts), ["perception", "reasoning", "execution", "validation", "rollback"]))}."
  }

  validation {
    condition     = alltrue([for seconds in values(var.timeouts) : seconds >= 60 && seconds <= 86400 && floor(seconds) == seconds])
    error_message = "timeouts are whole seconds from 60 to 86400: ${join(", ", [for step, seconds in var.timeouts : "${step} has ${seconds}" if !(seconds >= 60 && seconds <= 86400 && floor(seconds) == seconds)])}."
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

variable "zip_directory" {
  description = "Folder with upgrade.zip, as scripts/package writes it."
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
  description = "What the functions write into its log: TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
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

variable "notify_email" {
  description = "Address that gets a mail when an approval is wanted, something failed, or an execution ended; null for none. It has to confirm the subscription first."
  type        = string
  default     = null

  validation {
    condition     = var.notify_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+$", var.notify_email))
    error_message = "notify_email is an address like clusters@example.com, not \"${var.notify_email == null ? "" : var.notify_email}\"."
  }
}

variable "monitoring_enabled" {
  description = "Alarms for executions that end without success; CloudWatch charges for them."
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
