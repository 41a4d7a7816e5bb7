# What the network is called, and where its functions live.

variable "name" {
  description = "The network's name. All that is made is called by it (roles, functions, the state machine, rules, topics, log groups, buckets, alarms), its parameters lie below /NAME/ and /NAME-secrets/, and its hosts have the tag sdwan = NAME. Networks of other names in the same account and regions are not touched. Another name makes everything anew."
  type        = string
  default     = "sdwan"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= local.longest_name
    error_message = "name has lower-case letters, digits and single hyphens, begins with a letter and ends with no hyphen, and has at most ${local.longest_name} characters, because of ${join(" and ", [for of, longest in local.longest_name_for : of if longest == local.longest_name])}; \"${var.name}\" has ${length(var.name)}."
  }

  # Parameters' names, buckets' names and security groups' names in turn.
  validation {
    condition     = !can(regex("^(aws|ssm|amzn-s3-demo-|sthree-|sg-)|^sg$", var.name))
    error_message = "name can't begin with aws or ssm (parameters), amzn-s3-demo- or sthree- (buckets), or sg- (security groups), which AWS keeps for itself; not \"${var.name}\"."
  }

  # /NAME/ would be where another network has its secrets.
  validation {
    condition     = !endswith(var.name, "-secrets")
    error_message = "name can't end with -secrets, because /NAME/ would be where the network \"${trimsuffix(var.name, "-secrets")}\" has its secrets."
  }
}

variable "tags" {
  description = "Tags for everything that is made and can have tags. An object in S3 gets them up to ten; the route table, group and ACL that a VPC has by itself get none."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", "${key}${value}"))
    ])
    error_message = "A tag has a key of 1 to 128 and a value of up to 256 letters, digits, spaces and _ . : / = + - @: ${join(", ", [
      for key, value in var.tags : "\"${key}\" = \"${value}\""
      if !(length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", "${key}${value}")))
    ])}."
  }

  # A host that another network's functions may send commands to has the tag sdwan.
  validation {
    condition     = alltrue([for key in keys(var.tags) : !contains(["name", "sdwan"], lower(key)) && !startswith(lower(key), "aws:")])
    error_message = "Name and sdwan are the root's own tags, and aws: is AWS's own beginning: ${join(", ", [for key in keys(var.tags) : key if contains(["name", "sdwan"], lower(key)) || startswith(lower(key), "aws:")])}."
  }

  validation {
    condition     = length(var.tags) <= 48
    error_message = "A resource has 50 tags, two of them the root's own; tags has ${length(var.tags)}."
  }
}

variable "home_region" {
  description = "Region of the functions, the state machine and what belongs to them. Hosts may be elsewhere: terraform/regions.tf says where."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.home_region))
    error_message = "home_region must be a region like us-east-1, not \"${var.home_region}\"."
  }
}
