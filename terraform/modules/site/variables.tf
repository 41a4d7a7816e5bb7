variable "name" {
  description = "The network's name: the beginning of the names of what its hosts share."
  type        = string
}

variable "routers" {
  description = "Router names, each with the names of its neighbours."
  type        = map(list(string))
}

variable "availability_zone" {
  description = "The zone of the site's subnets."
  type        = string
}

variable "vpc_cidr" {
  description = "The VPC's addresses: its first three quarters become the management, outside and inside subnets."
  type        = string
}

variable "ami_id" {
  description = "Image of the hosts; null for Canonical's newest Ubuntu 22.04."
  type        = string
}

variable "instance_type" {
  description = "A type with at least three interfaces and, for the names ens5 to ens7, of the Nitro generation."
  type        = string
}

variable "root_volume_gib" {
  description = "Size of a host's root volume in GiB."
  type        = number
}

variable "instance_profile" {
  description = "Name of the hosts' instance profile."
  type        = string
}

variable "management" {
  description = "How the hosts' management interfaces reach the Internet: \"eip\", an Elastic IP each, or \"nat\", one NAT gateway for the site."
  type        = string
}

variable "outside_open" {
  description = "Whether UDP 500 and 4500 are let in from anywhere instead of from the neighbors only."
  type        = bool
}
