output "hosts" {
  description = "Router name => instance id, Elastic IP and private address of the outside interface."
  value = {
    for name, instance in aws_instance.router : name => {
      instance_id        = instance.id
      outside_eip        = local.outside_addresses[name]
      outside_private_ip = local.outside_private_ips[name]
    }
  }
}
