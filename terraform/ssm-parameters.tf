# What the functions know of the hosts: three parameters per router, in the router's region.
locals {
  parameters_in = {
    for region, names in local.routers_in : region => merge([
      for name in names : {
        "${name}/instance-id"        = local.hosts[name].instance_id
        "${name}/outside-eip"        = local.hosts[name].outside_eip
        "${name}/outside-private-ip" = local.hosts[name].outside_private_ip
      }
    ]...)
  }
}
