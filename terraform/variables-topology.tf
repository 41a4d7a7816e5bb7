variable "topology" {
  description = "The network: routers by name, and the tunnels between them. It reaches the functions as JSON."
  type = object({
    routers = map(object({
      region   = string
      role     = string
      loopback = string
      asn      = number
    }))
    tunnels = list(object({
      name = string
      ends = list(object({
        router  = string
        vti     = string
        address = string
      }))
    }))
  })

  default = {
    routers = {
      nv-sdwan    = { region = "us-east-1", role = "sdwan", loopback = "10.255.0.1/32", asn = 65001 }
      nv-branch1  = { region = "us-east-1", role = "branch", loopback = "10.255.1.1/32", asn = 65002 }
      fra-sdwan   = { region = "eu-central-1", role = "sdwan", loopback = "10.255.10.1/32", asn = 65001 }
      fra-branch1 = { region = "eu-central-1", role = "branch", loopback = "10.255.11.1/32", asn = 65002 }
    }
    tunnels = [
      {
        name = "nv"
        ends = [
          { router = "nv-sdwan", vti = "vti0", address = "169.254.100.1/30" },
          { router = "nv-branch1", vti = "vti0", address = "169.254.100.2/30" },
        ]
      },
      {
        name = "fra"
        ends = [
          { router = "fra-sdwan", vti = "vti0", address = "169.254.100.13/30" },
          { router = "fra-branch1", vti = "vti0", address = "169.254.100.14/30" },
        ]
      },
    ]
  }

  # Every message lists the entries that break its rule. A rule passes over what another one refuses. Inside a loop
  # a router is looked up by its index, and duplicates are counted by toset: a function that is handed all routers goes
  # through all of them, and distinct() compares each with each.

  validation {
    condition     = length(var.topology.routers) > 0
    error_message = "The topology has no routers."
  }

  validation {
    condition = alltrue([
      for name in concat(keys(var.topology.routers), var.topology.tunnels[*].name) :
      can(regex("^[a-z0-9][a-z0-9-]{0,62}$", name))
    ])
    error_message = "Names are up to 63 lower-case letters, digits and hyphens and don't begin with a hyphen: ${join(", ", [
      for name in concat(keys(var.topology.routers), var.topology.tunnels[*].name) :
      "\"${name}\"" if !can(regex("^[a-z0-9][a-z0-9-]{0,62}$", name))
    ])}."
  }

  validation {
    condition = alltrue([
      for router in var.topology.routers : can(local.region_sites[router.region])
    ])
    error_message = "The root has the regions ${join(", ", keys(local.region_sites))}, because AWS provider 5.100 needs a provider of its own for each: ${join(", ", [
      for name, router in var.topology.routers :
      "${name} is in \"${router.region}\"" if !can(local.region_sites[router.region])
    ])}. This command gives it the others: scripts/regions ${join(" ", distinct(concat(keys(local.region_sites), sort([for router in var.topology.routers : router.region]))))}"
  }

  validation {
    condition = alltrue([for router in var.topology.routers : contains(["sdwan", "branch"], router.role)])
    error_message = "The roles are sdwan and branch: ${join(", ", [
      for name, router in var.topology.routers :
      "${name} has \"${router.role}\"" if !contains(["sdwan", "branch"], router.role)
    ])}."
  }

  validation {
    condition = alltrue([
      for router in var.topology.routers :
      router.asn >= 1 && router.asn <= 4294967294 && floor(router.asn) == router.asn && !contains([23456, 65535], router.asn)
    ])
    error_message = "An ASN is a whole number from 1 to 4294967294, and neither 23456 (RFC 6793) nor 65535 (RFC 7300): ${join(", ", [
      for name, router in var.topology.routers : "${name} has ${router.asn}"
      if !(router.asn >= 1 && router.asn <= 4294967294 && floor(router.asn) == router.asn && !contains([23456, 65535], router.asn))
    ])}."
  }

  validation {
    condition = alltrue([
      for router in var.topology.routers : can(regex("^${local.ipv4}/32$", router.loopback)) && !can(regex(local.no_router, router.loopback))
    ])
    error_message = "A loopback is an IPv4 address that a router can have, with /32: ${join(", ", [
      for name, router in var.topology.routers : "${name} has \"${router.loopback}\""
      if !(can(regex("^${local.ipv4}/32$", router.loopback)) && !can(regex(local.no_router, router.loopback)))
    ])}."
  }

  validation {
    condition = length(setintersection(
      [for router in var.topology.routers : cidrhost(replace(router.loopback, "/32", "/30"), 0) if can(cidrhost(replace(router.loopback, "/32", "/30"), 0))],
      flatten([for tunnel in var.topology.tunnels : [for end in tunnel.ends : cidrhost(end.address, 0) if can(cidrhost(end.address, 0))]]),
    )) == 0
    error_message = "A loopback lies in no tunnel's network: ${join(", ", setintersection(
      [for router in var.topology.routers : cidrhost(replace(router.loopback, "/32", "/30"), 0) if can(cidrhost(replace(router.loopback, "/32", "/30"), 0))],
      flatten([for tunnel in var.topology.tunnels : [for end in tunnel.ends : cidrhost(end.address, 0) if can(cidrhost(end.address, 0))]]),
    ))} is a tunnel's, with a loopback in it."
  }

  validation {
    condition = length(toset([for router in var.topology.routers : router.loopback])) == length(var.topology.routers)
    error_message = "Loopbacks must differ: ${join("; ", [
      for loopback, names in { for name, router in var.topology.routers : router.loopback => name... } :
      "${join(" and ", names)} have ${loopback}" if length(names) > 1
    ])}."
  }

  validation {
    condition = length(toset(var.topology.tunnels[*].name)) == length(var.topology.tunnels)
    error_message = "Tunnels' names must differ: ${join(", ", [
      for name, tunnels in { for tunnel in var.topology.tunnels : tunnel.name => tunnel... } :
      name if length(tunnels) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for tunnel in var.topology.tunnels : length(tunnel.ends) == 2 && length(distinct(tunnel.ends[*].router)) == 2
    ])
    error_message = "A tunnel has two ends, on two routers: ${join(", ", [
      for tunnel in var.topology.tunnels : "${tunnel.name} (${join(", ", tunnel.ends[*].router)})"
      if !(length(tunnel.ends) == 2 && length(distinct(tunnel.ends[*].router)) == 2)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for tunnel in var.topology.tunnels : [
        for end in tunnel.ends : can(var.topology.routers[end.router])
      ]
    ]))
    error_message = "Tunnels end on routers of the topology: ${join(", ", flatten([
      for tunnel in var.topology.tunnels : [
        for end in tunnel.ends : "${tunnel.name} names \"${end.router}\""
        if !can(var.topology.routers[end.router])
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for tunnel in var.topology.tunnels :
      length(distinct([for name in tunnel.ends[*].router : var.topology.routers[name].region if can(var.topology.routers[name])])) <= 1
    ])
    error_message = "A tunnel stays inside a region: ${join(", ", [
      for tunnel in var.topology.tunnels : "${tunnel.name} joins ${join(" and ", tunnel.ends[*].router)}"
      if length(distinct([for name in tunnel.ends[*].router : var.topology.routers[name].region if can(var.topology.routers[name])])) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for tunnel in var.topology.tunnels :
      length(distinct([for name in tunnel.ends[*].router : var.topology.routers[name].asn if can(var.topology.routers[name])]))
      == length([for name in distinct(tunnel.ends[*].router) : name if can(var.topology.routers[name])])
    ])
    error_message = "BGP over a tunnel is external, so its ends have different ASNs: ${join(", ", [
      for tunnel in var.topology.tunnels : "${tunnel.name} joins ${join(" and ", tunnel.ends[*].router)}"
      if length(distinct([for name in tunnel.ends[*].router : var.topology.routers[name].asn if can(var.topology.routers[name])]))
      < length([for name in distinct(tunnel.ends[*].router) : name if can(var.topology.routers[name])])
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for tunnel in var.topology.tunnels : [for end in tunnel.ends : can(regex("^vti(0|[1-9][0-9]{0,3})$", end.vti))]
    ]))
    error_message = "A VTI is vti and a number without leading zeros, like vti0: ${join(", ", flatten([
      for tunnel in var.topology.tunnels : [
        for end in tunnel.ends : "${tunnel.name} has \"${end.vti}\" on ${end.router}" if !can(regex("^vti(0|[1-9][0-9]{0,3})$", end.vti))
      ]
    ]))}."
  }

  validation {
    condition = length(toset(flatten([
      for tunnel in var.topology.tunnels : [for end in tunnel.ends : "${end.vti} on ${end.router}"]
    ]))) == length(flatten(var.topology.tunnels[*].ends))
    error_message = "A router has one tunnel per VTI: ${join("; ", [
      for vti, tunnels in merge({}, {
        for use in flatten([
          for tunnel in var.topology.tunnels : [for end in tunnel.ends : { vti = "${end.vti} on ${end.router}", tunnel = tunnel.name }]
        ]) : use.vti => use.tunnel...
      }) : "${vti} is in ${join(" and ", tunnels)}" if length(tunnels) > 1
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for tunnel in var.topology.tunnels : [
        for end in tunnel.ends : can(regex("^${local.ipv4}/30$", end.address)) && !can(regex(local.no_router, end.address))
      ]
    ]))
    error_message = "A VTI has an IPv4 address that a router can have, with /30: ${join(", ", flatten([
      for tunnel in var.topology.tunnels : [
        for end in tunnel.ends : "${tunnel.name} has \"${end.address}\" on ${end.router}"
        if !(can(regex("^${local.ipv4}/30$", end.address)) && !can(regex(local.no_router, end.address)))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for tunnel in var.topology.tunnels : try(
        toset(tunnel.ends[*].address) == toset([for host in [1, 2] : "${cidrhost(tunnel.ends[0].address, host)}/30"]),
        false,
      )
    ])
    error_message = "A tunnel's addresses are the two hosts of one /30: ${join(", ", [
      for tunnel in var.topology.tunnels : "${tunnel.name} has ${join(" and ", tunnel.ends[*].address)}"
      if !try(
        toset(tunnel.ends[*].address) == toset([for host in [1, 2] : "${cidrhost(tunnel.ends[0].address, host)}/30"]),
        false,
      )
    ])}."
  }

  validation {
    condition = length(toset(flatten([
      for tunnel in var.topology.tunnels : distinct([for end in tunnel.ends : cidrhost(end.address, 0) if can(cidrhost(end.address, 0))])
      ]))) == length(flatten([
      for tunnel in var.topology.tunnels : distinct([for end in tunnel.ends : cidrhost(end.address, 0) if can(cidrhost(end.address, 0))])
    ]))
    error_message = "A tunnel has a network of its own: ${join("; ", [
      for network, tunnels in merge({}, {
        for use in flatten([
          for tunnel in var.topology.tunnels : [
            for network in distinct([for end in tunnel.ends : cidrhost(end.address, 0) if can(cidrhost(end.address, 0))]) : { network = network, tunnel = tunnel.name }
          ]
        ]) : use.network => use.tunnel...
      }) : "${join(" and ", tunnels)} have ${network}/30" if length(tunnels) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for ends in values({ for end in flatten(var.topology.tunnels[*].ends) : end.router => end.vti... }) : length(ends) <= 400
    ])
    error_message = "A router has at most 400 tunnels, because verification can't read more (docs/large-networks.md): ${join(", ", [
      for router, ends in merge({}, { for end in flatten(var.topology.tunnels[*].ends) : end.router => end.vti... }) :
      "${router} has ${length(ends)}" if length(ends) > 400
    ])}."
  }

  validation {
    condition = length(toset([for tunnel in var.topology.tunnels : join(" and ", sort(tunnel.ends[*].router))])) == length(var.topology.tunnels)
    error_message = "Two routers have one tunnel, because VyOS 1.3 tells its peers by their address: ${join("; ", [
      for pair, tunnels in { for tunnel in var.topology.tunnels : join(" and ", sort(tunnel.ends[*].router)) => tunnel.name... } :
      "${join(" and ", tunnels)} join ${pair}" if length(tunnels) > 1
    ])}."
  }
}
