import FleetKit

/// The parameters that only hosts read, each in its own region. They are not below the prefix, which the functions may
/// read.
struct NetworkSecrets: Sendable, Equatable {
  let network: DeploymentName

  /// The password of the user `ubuntu`, e.g. `/sdwan-secrets/ubuntu-password`.
  var password: String { "/\(network)-secrets/ubuntu-password" }
  /// The pre-shared key of the tunnels that have none of their own, e.g. `/sdwan-secrets/vpn-psk`; `/TUNNEL` behind it is a
  /// tunnel's own.
  var key: String { "/\(network)-secrets/vpn-psk" }
}
