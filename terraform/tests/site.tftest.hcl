# One site by itself: network, interfaces, rules, hosts.

mock_provider "aws" {
  source = "./tests/mocks/virginia"

  override_resource {
    target = aws_eip.outside["hub"]
    values = { public_ip = "198.51.100.10" }
  }
}

variables {
  name              = "sdwan"
  routers           = { hub = ["one", "two"], one = ["hub"], two = ["hub"] }
  availability_zone = "us-east-1a"
  vpc_cidr          = "10.10.0.0/16"
  ami_id            = "ami-0123456789abcdef0"
  instance_type     = "t3.medium"
  root_volume_gib   = 16
  instance_profile  = "sdwan-host-us-east-1"
  management        = "eip"
  outside_open      = false
}

run "given_image" {
  module {
    source = "./modules/site"
  }

  assert {
    condition     = { for name, subnet in aws_subnet.site : name => subnet.cidr_block } == { management = "10.10.0.0/18", outside = "10.10.64.0/18", inside = "10.10.128.0/18" }
    error_message = "The subnets are not three quarters of the VPC."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.site : subnet.availability_zone == "us-east-1a" && subnet.vpc_id == aws_vpc.site.id])
    error_message = "The subnets are not in one zone of one VPC."
  }

  assert {
    condition = (
      { for name, association in aws_route_table_association.site : name => association.subnet_id } ==
      { management = aws_subnet.site["management"].id, outside = aws_subnet.site["outside"].id } &&
      aws_route.internet.gateway_id == aws_internet_gateway.site.id && aws_route.internet.destination_cidr_block == "0.0.0.0/0"
    )
    error_message = "Management and outside must reach the Internet, inside must not."
  }

  assert {
    condition = alltrue([
      for name, instance in aws_instance.router :
      { for interface in instance.network_interface : interface.device_index => interface.network_interface_id } == {
        "0" = aws_network_interface.management[name].id
        "1" = aws_network_interface.outside[name].id
        "2" = aws_network_interface.inside[name].id
      }
    ])
    error_message = "A host's interfaces are not management, outside and inside in this order."
  }

  assert {
    condition     = alltrue([for interface in concat(values(aws_network_interface.outside), values(aws_network_interface.inside)) : !interface.source_dest_check])
    error_message = "AWS would drop what a router forwards."
  }

  assert {
    condition = alltrue([
      for name in keys(var.routers) : (
        aws_eip.management[name].network_interface == aws_network_interface.management[name].id &&
        aws_eip.outside[name].network_interface == aws_network_interface.outside[name].id
      )
    ])
    error_message = "An Elastic IP is not on its router's interface."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.ike) == ["hub/one", "hub/two", "one/hub", "two/hub"]
    error_message = "Not exactly neighbours are let in."
  }

  assert {
    condition = alltrue([
      for rules in [aws_vpc_security_group_ingress_rule.ike, aws_vpc_security_group_ingress_rule.nat_traversal] : (
        rules["one/hub"].cidr_ipv4 == "198.51.100.10/32" && rules["hub/one"].cidr_ipv4 == "198.51.100.1/32" &&
        rules["one/hub"].security_group_id == aws_security_group.outside["one"].id
      )
    ])
    error_message = "A rule does not let the neighbour's Elastic IP into the router's own group."
  }

  assert {
    condition = (
      keys(aws_vpc_security_group_ingress_rule.fragmentation_needed) == ["hub", "one", "two"] && alltrue([
        for name, rule in aws_vpc_security_group_ingress_rule.fragmentation_needed : (
          rule.ip_protocol == "icmp" && rule.from_port == 3 && rule.to_port == 4 && rule.cidr_ipv4 == "0.0.0.0/0" &&
          rule.security_group_id == aws_security_group.outside[name].id
        )
      ])
    )
    error_message = "Fragmentation needed (ICMP type 3 code 4) can't come in."
  }

  assert {
    condition = (
      length(aws_nat_gateway.management) == 0 && length(aws_vpc_security_group_ingress_rule.outside_open) == 0 &&
      alltrue([for association in aws_route_table_association.site : association.route_table_id == aws_route_table.public.id])
    )
    error_message = "There is a NAT gateway or an open door that nobody asked for."
  }

  assert {
    condition = (
      alltrue([for rule in aws_vpc_security_group_ingress_rule.ike : rule.ip_protocol == "udp" && rule.from_port == 500 && rule.to_port == 500]) &&
      alltrue([for rule in aws_vpc_security_group_ingress_rule.nat_traversal : rule.ip_protocol == "udp" && rule.from_port == 4500 && rule.to_port == 4500])
    )
    error_message = "The rules are not for UDP 500 and 4500."
  }

  assert {
    condition = alltrue([
      for name in keys(var.routers) : (
        aws_network_interface.management[name].security_groups == toset([aws_security_group.management.id]) &&
        aws_network_interface.outside[name].security_groups == toset([aws_security_group.outside[name].id]) &&
        aws_network_interface.inside[name].security_groups == toset([aws_security_group.inside.id])
      )
    ])
    error_message = "An interface has another security group than its own."
  }

  assert {
    condition = !contains([
      for rule in concat(
        values(aws_vpc_security_group_ingress_rule.ike),
        values(aws_vpc_security_group_ingress_rule.nat_traversal),
        [aws_vpc_security_group_ingress_rule.inside],
      ) : rule.security_group_id
    ], aws_security_group.management.id)
    error_message = "Something may come in by management."
  }

  assert {
    condition = alltrue([
      for name, instance in aws_instance.router : (
        instance.metadata_options[0].http_tokens == "required" && instance.root_block_device[0].encrypted &&
        instance.iam_instance_profile == "sdwan-host-us-east-1" && instance.ami == "ami-0123456789abcdef0" &&
        instance.tags == tomap({ Name = name, sdwan = name })
      )
    ])
    error_message = "A host lacks IMDSv2, encryption, its profile, the image or its tags."
  }

  assert {
    condition     = length(data.aws_ami.ubuntu) == 0
    error_message = "An image is looked up although one is given."
  }

  assert {
    condition = alltrue([
      for name, host in output.hosts : host == {
        instance_id        = aws_instance.router[name].id
        outside_eip        = aws_eip.outside[name].public_ip
        outside_private_ip = aws_network_interface.outside[name].private_ip
      }
    ])
    error_message = "A host's values are not its resources' attributes."
  }
}

run "newest_ubuntu" {
  command = plan

  module {
    source = "./modules/site"
  }

  variables {
    ami_id = null
  }

  assert {
    condition     = data.aws_ami.ubuntu[0].owners == tolist(["099720109477"]) && data.aws_ami.ubuntu[0].most_recent
    error_message = "The image is not Canonical's newest."
  }
}

run "one_gateway_for_all_hosts" {
  module {
    source = "./modules/site"
  }

  variables {
    management = "nat"
  }

  assert {
    condition = (
      length(aws_eip.management) == 0 && length(aws_eip.nat) == 1 && length(aws_eip.outside) == 3 &&
      aws_nat_gateway.management[0].allocation_id == aws_eip.nat[0].id &&
      aws_nat_gateway.management[0].subnet_id == aws_subnet.site["outside"].id
    )
    error_message = "The hosts don't share one gateway with one Elastic IP in the subnet that has the way out."
  }

  assert {
    condition = (
      aws_route.nat[0].nat_gateway_id == aws_nat_gateway.management[0].id &&
      aws_route_table_association.site["management"].route_table_id == aws_route_table.nat[0].id &&
      aws_route_table_association.site["outside"].route_table_id == aws_route_table.public.id
    )
    error_message = "Management does not go by the gateway, or outside does."
  }
}

run "a_hub_of_one_group" {
  command = plan

  module {
    source = "./modules/site"
  }

  variables {
    routers = merge({ for number in range(29) : "b${number}" => ["hub"] }, { hub = [for number in range(29) : "b${number}"] })
  }

  assert {
    condition     = [for key in keys(aws_security_group.outside) : key if startswith(key, "hub")] == ["hub"]
    error_message = "29 neighbors don't fit into one group."
  }
}

run "a_hub_of_five_groups" {
  command = plan

  module {
    source = "./modules/site"
  }

  variables {
    routers = merge({ for number in range(149) : "b${number}" => ["hub"] }, { hub = [for number in range(149) : "b${number}"] })
  }

  assert {
    condition     = [for key in keys(aws_security_group.outside) : key if startswith(key, "hub")] == ["hub", "hub/2", "hub/3", "hub/4", "hub/5"]
    error_message = "149 neighbors don't take five groups."
  }

  assert {
    condition = alltrue([
      for group, neighbors in { for adjacency in local.adjacencies : adjacency.group => adjacency.peer... if adjacency.router == "hub" } :
      2 * length(neighbors) + (group == "hub" ? 1 : 0) <= 60
    ])
    error_message = "A group has more than 60 rules."
  }
}

run "every_group_is_on_the_card" {
  module {
    source = "./modules/site"
  }

  variables {
    routers = merge({ for number in range(30) : "b${number}" => ["hub"] }, { hub = [for number in range(30) : "b${number}"] })
  }

  assert {
    condition = (
      length(aws_security_group.outside["hub/2"].id) > 0 &&
      aws_network_interface.outside["hub"].security_groups == toset([aws_security_group.outside["hub"].id, aws_security_group.outside["hub/2"].id]) &&
      aws_vpc_security_group_ingress_rule.ike["hub/b29"].security_group_id == aws_security_group.outside["hub/2"].id &&
      aws_vpc_security_group_ingress_rule.ike["hub/b28"].security_group_id == aws_security_group.outside["hub"].id
    )
    error_message = "The thirtieth neighbor's rule is not in the second group, or that is not on the hub's card."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.all["outside/hub/2"].security_group_id == aws_security_group.outside["hub/2"].id
    error_message = "A group lets nothing out."
  }
}

run "open_to_all" {
  command = plan

  module {
    source = "./modules/site"
  }

  variables {
    outside_open = true
    routers      = merge({ for number in range(200) : "b${number}" => ["hub"] }, { hub = [for number in range(200) : "b${number}"] })
  }

  assert {
    condition = (
      length(aws_vpc_security_group_ingress_rule.ike) == 0 && length(aws_vpc_security_group_ingress_rule.outside_open) == 2 * 201 &&
      length(aws_security_group.outside) == 201 &&
      [for port in [500, 4500] : aws_vpc_security_group_ingress_rule.outside_open["hub/${port}"].from_port] == [500, 4500]
    )
    error_message = "Not exactly two rules per router let everybody in."
  }
}
