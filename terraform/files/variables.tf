variable "name" {
  description = "What all is called by: functions, roles, the file system, the API, the bucket. Another name makes everything anew."
  type        = string
  default     = "shared-files"

  # 36: a bucket has 63 characters, 26 of them digits that tell it from everybody's, and a hyphen.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 36
    error_message = "name has lower-case letters, digits and single hyphens, begins with a letter, ends with no hyphen and has at most 36 characters; \"${var.name}\" has ${length(var.name)}."
  }

  validation {
    condition     = !can(regex("^(aws|amzn-s3-demo-|sthree-|sg-)|^sg$", var.name))
    error_message = "name can't begin with aws, amzn-s3-demo-, sthree- or sg-, which AWS keeps for itself; not \"${var.name}\"."
  }
}

variable "tags" {
  description = "Tags for everything that is made and can have tags."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.tags) <= 49 && alltrue([for key in keys(var.tags) : key != "Name" && !startswith(lower(key), "aws:")])
    error_message = "tags has up to 49 entries, none of them Name, which the root sets, or beginning with aws:."
  }
}

variable "home_region" {
  description = "Region of everything."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.home_region))
    error_message = "home_region must be a region like us-east-1, not \"${var.home_region}\"."
  }
}

variable "zip" {
  description = "The functions' package, as scripts/package writes it."
  type        = string
  default     = "../../dist/files.zip"
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

variable "max_file_bytes" {
  description = "Bytes that an object may have which the producer brings to EFS. A GiB takes about 10 to 15 s of the producer's 300."
  type        = number
  default     = 1073741824

  validation {
    condition     = var.max_file_bytes >= 1 && var.max_file_bytes <= 10737418240 && floor(var.max_file_bytes) == var.max_file_bytes
    error_message = "max_file_bytes is a whole number from 1 to 10737418240 (10 GiB), not ${var.max_file_bytes}."
  }
}

variable "s3_archive_enabled" {
  description = "Whether results are put into the bucket too, below outputs/."
  type        = bool
  default     = false
}

variable "throughput_mode" {
  description = "The file system's: bursting (what it may read and write grows with its size), or elastic (as much as is asked for, paid by the GB)."
  type        = string
  default     = "bursting"

  validation {
    condition     = contains(["bursting", "elastic"], var.throughput_mode)
    error_message = "throughput_mode is bursting or elastic, not \"${var.throughput_mode}\"."
  }
}

variable "log_level" {
  description = "Least level of the functions' log lines: TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL, not \"${var.log_level}\"."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; not ${var.log_retention_days}."
  }
}
