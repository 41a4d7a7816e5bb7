/// What phase 1 gives every router: its two Ethernet interfaces, in every dialect the same.
enum BaseConfiguration {
  static let lines: [ConfigurationLine] = [
    ConfigurationLine("interfaces ethernet eth0 address dhcp"),
    ConfigurationLine("interfaces ethernet eth0 description OUTSIDE"),
    ConfigurationLine("interfaces ethernet eth0 dhcp-options default-route-distance 10"),
    ConfigurationLine("interfaces ethernet eth1 address dhcp"),
    ConfigurationLine("interfaces ethernet eth1 description INSIDE"),
    ConfigurationLine("interfaces ethernet eth1 dhcp-options no-default-route"),
  ]
}
