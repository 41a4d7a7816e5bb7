/// Which pre-shared key a tunnel has. What it is only hosts know.
enum TunnelKey: Sendable, Hashable, Comparable {
  /// That of all tunnels without one of their own.
  case common
  /// The one of the tunnel of that name.
  case own(String)

  /// What follows the common key's parameter, and what the host's script knows it by.
  var word: String {
    switch self {
    case .common: "/"
    case .own(let tunnel): "/\(tunnel)"
    }
  }

  /// What stands for the key in a router's script until the host fills it in.
  var placeholder: String {
    switch self {
    case .common: "@VPN_PSK@"
    case .own(let tunnel): "@VPN_PSK/\(tunnel)@"
    }
  }
}
