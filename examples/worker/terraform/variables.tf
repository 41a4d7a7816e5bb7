variable "hosts" {
  description = "The fleet: a name of yours => the region and the id of an EC2 instance that Systems Manager manages."
  type        = map(object({ region = string, instance = string }))

  validation {
    condition     = length(var.hosts) > 0
    error_message = "hosts must name one host at least."
  }

  validation {
    condition     = alltrue([for name in keys(var.hosts) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "Names of hosts are 1 to 63 letters, digits, '.', '_' and '-', and begin with a letter or a digit: not ${join(", ", [for name in keys(var.hosts) : name if !can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", name))])}."
  }

  validation {
    condition     = alltrue([for host in values(var.hosts) : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", host.region))])
    error_message = "A host's region must be one like us-east-1."
  }

  # A star would be a wildcard in the role's policy.
  validation {
    condition     = alltrue([for host in values(var.hosts) : can(regex("^i-([0-9a-f]{8}|[0-9a-f]{17})$", host.instance))])
    error_message = "A host's instance must be an id like i-0123456789abcdef0."
  }
}

variable "region" {
  description = "Region of the function itself."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.region))
    error_message = "region must be one like us-east-1, not \"${var.region}\"."
  }
}

variable "zip" {
  description = "The function's package, as scripts/package writes it."
  type        = string
  default     = "../dist/disks.zip"
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
