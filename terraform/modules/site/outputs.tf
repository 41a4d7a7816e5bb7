output "hosts" {
  description = "Router name => instance id, Elastic IP and private address of the outside interface."
  value = {
    for name, instance in aws_instance.router : name => {
      instance_id        = instance.id
      outside_eip        = aws_eip.outside[name].public_ip
      outside_private_ip = aws_network_interface.outside[name].private_ip
    }
  }
}
