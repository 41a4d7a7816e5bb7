variable "sites" {
  description = "By region, where the usual is not wanted: the VPC's addresses (terraform/regions.tf has the usual ones), its one availability zone (the region's a), and the hosts' image (null for Canonical's newest Ubuntu 22.04, amd64). Not used with existing_hosts."
  type = map(object({
    vpc_cidr          = optional(string)
    availability_zone = optional(string)
    ami_id            = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for region in keys(var.sites) : can(local.region_sites[region])])
    error_message = "sites has regions that the root has not: ${join(", ", setsubtract(keys(var.sites), keys(local.region_sites)))}. It has ${join(", ", keys(local.region_sites))}; scripts/regions gives it others."
  }

  validation {
    condition     = alltrue([for site in var.sites : site.vpc_cidr == null || can(cidrsubnet(site.vpc_cidr, 2, 0)) && can(regex("/(1[6-9]|2[0-6])$", site.vpc_cidr))])
    error_message = "A site's vpc_cidr is an IPv4 network of /16 to /26: ${join(", ", [for region, site in var.sites : "${region} has \"${coalesce(site.vpc_cidr, "null")}\""])}."
  }

  validation {
    condition     = alltrue([for region, site in var.sites : site.availability_zone == null || can(regex("^${region}[a-z]$", site.availability_zone))])
    error_message = "A site's availability_zone is one of its region's: ${join(", ", [for region, site in var.sites : "${region} has \"${coalesce(site.availability_zone, "null")}\""])}."
  }

  validation {
    condition     = alltrue([for site in var.sites : site.ami_id == null || can(regex("^ami-[0-9a-f]{8,17}$", site.ami_id))])
    error_message = "A site's ami_id is ami- and 8 to 17 hexadecimal digits, or null: ${join(", ", [for region, site in var.sites : "${region} has \"${coalesce(site.ami_id, "null")}\""])}."
  }
}

variable "instance_type" {
  description = "Type of the hosts: amd64, three interfaces, 4 GiB (the router alone takes 2), and of the Nitro generation, whose interfaces are ens5 to ens7."
  type        = string
  default     = "t3.medium"

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type must be a type like t3.medium, not \"${var.instance_type}\"."
  }
}

variable "root_volume_gib" {
  description = "Size of a host's root volume in GiB: Ubuntu, LXD and the VyOS image."
  type        = number
  default     = 16

  validation {
    condition     = var.root_volume_gib >= 8 && var.root_volume_gib <= 1024 && floor(var.root_volume_gib) == var.root_volume_gib
    error_message = "root_volume_gib must be a whole number from 8 to 1024, not ${var.root_volume_gib}."
  }
}

variable "management" {
  description = "How created hosts reach Systems Manager, apt and snap: \"eip\", an Elastic IP each beside that of the router, or \"nat\", one NAT gateway with one Elastic IP for a site (about 33 USD a month and 0.045 USD a GB; cheaper from eleven hosts in a site, and the way to more hosts than Elastic IPs)."
  type        = string
  default     = "eip"

  validation {
    condition     = contains(["eip", "nat"], var.management)
    error_message = "management must be eip or nat, not \"${var.management}\"."
  }
}

variable "elastic_ip_quota" {
  description = "Elastic IPs that the account may have in each region: 5 in a new account. A network that needs more is refused at plan. Set it to what Service Quotas says when you have raised it."
  type        = number
  default     = 5

  validation {
    condition     = var.elastic_ip_quota >= 0 && floor(var.elastic_ip_quota) == var.elastic_ip_quota
    error_message = "elastic_ip_quota must be a whole number, not ${var.elastic_ip_quota}."
  }

  validation {
    condition = alltrue([for region, needed in local.elastic_ips_in : needed <= var.elastic_ip_quota])
    error_message = "The network needs more Elastic IPs than elastic_ip_quota says: ${join("; ", [
      for region, needed in local.elastic_ips_in :
      "${region} needs ${needed}, ${var.management == "nat" ? "one for each of ${length(local.routers_in[region])} routers and one for the NAT gateway" : "two for each of ${length(local.routers_in[region])} routers"}, and has ${var.elastic_ip_quota}"
      if needed > var.elastic_ip_quota
    ])}. ${var.management == "nat" ? "Raise" : "Set management = \"nat\", which takes one for each router and one for the site, or raise"} the quota \"EC2-VPC Elastic IPs\" (L-0263D0A3) of that region in Service Quotas and set elastic_ip_quota to it; or give hosts of your own in existing_hosts."
  }
}

variable "outside_open" {
  description = "Whether routers take IKE and ESP in UDP (ports 500 and 4500) from anywhere. By default only a router's neighbors are let in, up to 149 of them: that is what five security groups on a card hold."
  type        = bool
  default     = false

  validation {
    condition = var.outside_open || !local.create_hosts || alltrue([for peers in local.peers : length(peers) <= 149])
    error_message = "A router lets in at most 149 neighbors: five security groups of 60 inbound rules on its card, two rules for each neighbor and one for ICMP. ${join(", ", [
      for name, peers in local.peers : "${name} has ${length(peers)}, which is ${2 * length(peers) + 1} rules of 300" if length(peers) > 149
    ])}. Set outside_open = true, divide its branches between several hubs, or give hosts of your own in existing_hosts."
  }
}
