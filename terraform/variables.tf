# What is deployed, and how. The network is in variables-topology.tf, its hosts in variables-hosts.tf.

variable "zip_directory" {
  description = "Folder that holds phase1.zip, phase2.zip and phase3.zip, as scripts/package writes them."
  type        = string
  default     = "../dist"

  validation {
    condition     = length(trimspace(var.zip_directory)) > 0
    error_message = "zip_directory must name a folder."
  }
}

variable "architecture" {
  description = "The processor that the zips were built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64, not \"${var.architecture}\"."
  }
}

variable "vyos_version" {
  description = "VyOS on the image: 1.3, 1.4 or 1.5. It decides how the configuration is written."
  type        = string
  default     = "1.3"

  validation {
    condition     = contains(["1.3", "1.4", "1.5"], var.vyos_version)
    error_message = "vyos_version must be 1.3, 1.4 or 1.5, not \"${var.vyos_version}\"."
  }
}

variable "vyos_s3_bucket" {
  description = "Bucket of the VyOS image for LXD."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.vyos_s3_bucket))
    error_message = "vyos_s3_bucket must be a bucket's name, not \"${var.vyos_s3_bucket}\"."
  }
}

variable "vyos_s3_region" {
  description = "Region of that bucket."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.vyos_s3_region))
    error_message = "vyos_s3_region must be a region like us-east-1, not \"${var.vyos_s3_region}\"."
  }
}

# A star or a question mark would be a wildcard in the hosts' policy.
variable "vyos_s3_key" {
  description = "Key of the image in that bucket: letters, digits and ! - _ . ' ( ) / only."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]*$", var.vyos_s3_key)) && length(var.vyos_s3_key) <= 1024
    error_message = "vyos_s3_key must be a key of letters, digits and ! - _ . ' ( ) / that does not begin with a slash, not \"${var.vyos_s3_key}\"."
  }
}

variable "vyos_s3_kms_key_arn" {
  description = "The KMS key of an image that is encrypted with one of your own (SSE-KMS): the hosts' role may decrypt with it through S3. null: the image is under S3's own key. The key's policy must leave it to IAM who may use it, or name the hosts' roles."
  type        = string
  default     = null

  # An alias or a star would allow other keys than the one that is meant.
  validation {
    condition     = var.vyos_s3_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.vyos_s3_kms_key_arn))
    error_message = "vyos_s3_kms_key_arn must be a key's ARN like arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab (no alias) or null, not \"${coalesce(var.vyos_s3_kms_key_arn, "null")}\"."
  }
}

variable "vyos_s3_sha256" {
  description = "SHA-256 of the image in hexadecimal, checked on every host; empty: not checked."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([0-9a-fA-F]{64})?$", var.vyos_s3_sha256))
    error_message = "vyos_s3_sha256 must be 64 hexadecimal digits or empty, not \"${var.vyos_s3_sha256}\"."
  }
}

variable "phase1_recreate" {
  description = "What phase 1 does with a router that is there: make it anew only when what it is made of has changed, always, or never. While a router is made anew it carries no traffic. The event's field recreate comes first."
  type        = string
  default     = "changed"

  validation {
    condition     = contains(["always", "changed", "never"], var.phase1_recreate)
    error_message = "phase1_recreate must be always, changed or never, not \"${var.phase1_recreate}\"."
  }
}

variable "online_timeout" {
  description = "Seconds for which phase 1 waits for a host to come online in Systems Manager."
  type        = number
  default     = 120

  validation {
    condition     = var.online_timeout >= 0 && var.online_timeout <= 600 && floor(var.online_timeout) == var.online_timeout
    error_message = "online_timeout must be whole seconds from 0 to 600, not ${var.online_timeout}."
  }
}

variable "ssm_param_prefix" {
  description = "Path of the parameters that tell the functions about the hosts; null for /NAME/."
  type        = string
  default     = null

  validation {
    condition     = var.ssm_param_prefix == null || can(regex("^(/[A-Za-z0-9_.-]+)+/$", var.ssm_param_prefix))
    error_message = "ssm_param_prefix must begin and end with a slash and name at least one folder, not \"${coalesce(var.ssm_param_prefix, "null")}\"."
  }

  validation {
    condition     = var.ssm_param_prefix == null || !can(regex("^/(aws|ssm|[^/]+-secrets)/", lower(var.ssm_param_prefix)))
    error_message = "ssm_param_prefix can't lie below a network's /NAME-secrets/, which no function may read, or /aws/ and /ssm/, which AWS reserves."
  }
}

variable "ssm_timeouts" {
  description = "Seconds a phase's commands may run on a host."
  type = object({
    phase1 = optional(number, 600)
    phase2 = optional(number, 300)
    phase3 = optional(number, 300)
  })
  default = {}

  validation {
    condition = alltrue([
      for phase, limit in { phase1 = 900, phase2 = 600, phase3 = 600 } :
      var.ssm_timeouts[phase] >= 30 && var.ssm_timeouts[phase] < limit && floor(var.ssm_timeouts[phase]) == var.ssm_timeouts[phase]
    ])
    error_message = "ssm_timeouts must be whole seconds from 30 to less than the function's own timeout: 900 for phase1, 600 for phase2 and phase3."
  }
}

variable "ssm_poll_interval" {
  description = "Longest pause in seconds between two looks at a command; fractions are allowed."
  type        = number
  default     = 15

  validation {
    condition     = var.ssm_poll_interval > 0 && var.ssm_poll_interval <= 60
    error_message = "ssm_poll_interval must be above 0 and at most 60, not ${var.ssm_poll_interval}."
  }
}

variable "verify_timeout" {
  description = "Seconds for which phase 3 looks again at a state that may still come up, and in which phase 2 wants its tunnels when an event asks it to confirm them."
  type        = number
  default     = 60

  validation {
    condition     = var.verify_timeout >= 0 && var.verify_timeout <= 300 && floor(var.verify_timeout) == var.verify_timeout
    error_message = "verify_timeout must be whole seconds from 0 to 300, not ${var.verify_timeout}."
  }
}

variable "phase1_wait_seconds" {
  description = "Pause between phase 1 and phase 2."
  type        = number
  default     = 60

  validation {
    condition     = var.phase1_wait_seconds >= 0 && var.phase1_wait_seconds <= 3600 && floor(var.phase1_wait_seconds) == var.phase1_wait_seconds
    error_message = "phase1_wait_seconds must be whole seconds from 0 to 3600, not ${var.phase1_wait_seconds}."
  }
}

variable "phase2_wait_seconds" {
  description = "Pause between phase 2 and phase 3."
  type        = number
  default     = 90

  validation {
    condition     = var.phase2_wait_seconds >= 0 && var.phase2_wait_seconds <= 3600 && floor(var.phase2_wait_seconds) == var.phase2_wait_seconds
    error_message = "phase2_wait_seconds must be whole seconds from 0 to 3600, not ${var.phase2_wait_seconds}."
  }
}

variable "on_partial_failure" {
  description = "With synchronous, when routers fail in phase 1 or 2: stop the execution, or continue with the next phase. Phase 3's failures always fail it."
  type        = string
  default     = "stop"

  validation {
    condition     = contains(["stop", "continue"], var.on_partial_failure)
    error_message = "on_partial_failure must be stop or continue, not \"${var.on_partial_failure}\"."
  }

  validation {
    condition     = var.on_partial_failure != "continue" || var.orchestration == "synchronous"
    error_message = "on_partial_failure = \"continue\" is the synchronous machine's. In a rollout a wave's maxErrors says how many routers may fail, and onFailure what follows when more do."
  }
}

variable "log_level" {
  description = "Least level of the functions' own log lines that is kept."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL, not \"${var.log_level}\"."
  }
}

variable "state_machine_log_level" {
  description = "Which events of an execution are logged: ALL, ERROR, FATAL or OFF."
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.state_machine_log_level)
    error_message = "state_machine_log_level must be ALL, ERROR, FATAL or OFF, not \"${var.state_machine_log_level}\"."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch keeps the logs."
  type        = number
  default     = 30

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days must be a number of days that CloudWatch knows (1, 3, 5, 7, 14, 30, 60, 90, …), not ${var.log_retention_days}."
  }
}
