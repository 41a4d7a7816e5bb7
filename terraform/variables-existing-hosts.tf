variable "existing_hosts" {
  description = "Hosts that exist already, by router. If given, all of the topology's routers must be here, and no network, host or host role is created. Each host needs the tag sdwan with the value of name, and a role like the one in iam-hosts.tf."
  type = map(object({
    instance_id        = string
    outside_eip        = string
    outside_private_ip = string
  }))
  default = {}

  validation {
    condition = length(var.existing_hosts) == 0 || length(setsubtract(keys(var.topology.routers), keys(var.existing_hosts))) == 0
    error_message = "existing_hosts must have every router of the topology, or be empty; it lacks ${join(", ", setsubtract(
      keys(var.topology.routers), keys(var.existing_hosts)
    ))}."
  }

  validation {
    condition = length(setsubtract(keys(var.existing_hosts), keys(var.topology.routers))) == 0
    error_message = "existing_hosts has what is no router of the topology: ${join(", ", setsubtract(
      keys(var.existing_hosts), keys(var.topology.routers)
    ))}."
  }

  validation {
    condition = alltrue([for host in var.existing_hosts : can(regex("^i-[0-9a-f]{8,17}$", host.instance_id))])
    error_message = "An instance id is i- and 8 to 17 hexadecimal digits: ${join(", ", [
      for name, host in var.existing_hosts : "${name} has \"${host.instance_id}\"" if !can(regex("^i-[0-9a-f]{8,17}$", host.instance_id))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for host in var.existing_hosts : [
        for address in [host.outside_eip, host.outside_private_ip] :
        can(regex("^${local.ipv4}$", address)) && !can(regex(local.no_host, address))
      ]
    ]))
    error_message = "outside_eip and outside_private_ip are IPv4 addresses that a host can have: ${join(", ", flatten([
      for name, host in var.existing_hosts : [
        for address in [host.outside_eip, host.outside_private_ip] : "${name} has \"${address}\""
        if !(can(regex("^${local.ipv4}$", address)) && !can(regex(local.no_host, address)))
      ]
    ]))}."
  }

  validation {
    condition = length(toset([for host in var.existing_hosts : host.instance_id])) == length(var.existing_hosts)
    error_message = "A host carries one router: ${join("; ", [
      for id, names in { for name, host in var.existing_hosts : host.instance_id => name... } :
      "${join(" and ", names)} have ${id}" if length(names) > 1
    ])}."
  }

  validation {
    condition = length(toset([for host in var.existing_hosts : host.outside_eip])) == length(var.existing_hosts)
    error_message = "Each router has an Elastic IP of its own: ${join("; ", [
      for eip, names in { for name, host in var.existing_hosts : host.outside_eip => name... } :
      "${join(" and ", names)} have ${eip}" if length(names) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for tunnel in var.topology.tunnels :
      length(distinct([for end in tunnel.ends : try(var.existing_hosts[end.router].outside_private_ip, end.router)])) == length(distinct(tunnel.ends[*].router))
    ])
    error_message = "The two ends of a tunnel know each other by their outside_private_ip, which has to differ: ${join(", ", [
      for tunnel in var.topology.tunnels : "${tunnel.name} joins ${join(" and ", tunnel.ends[*].router)}"
      if length(distinct([for end in tunnel.ends : try(var.existing_hosts[end.router].outside_private_ip, end.router)])) != length(distinct(tunnel.ends[*].router))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for host in var.existing_hosts : [
        for address in [host.outside_eip, host.outside_private_ip] :
        !can(local.tunnel_in["${cidrhost("${address}/30", 0)}"]) && !can(local.router_of_loopback[address]) if can(cidrhost("${address}/30", 0))
      ]
    ]))
    error_message = "A host's addresses are neither a loopback's nor a tunnel's: ${join(", ", flatten([
      for name, host in var.existing_hosts : [
        for address in [host.outside_eip, host.outside_private_ip] : "${name} has ${address}"
        if can(cidrhost("${address}/30", 0)) && (can(local.tunnel_in["${cidrhost("${address}/30", 0)}"]) || can(local.router_of_loopback[address]))
      ]
    ]))}."
  }
}
