/// The dialects of VyOS's configuration that are spoken.
package enum VyOSVersion: String, Sendable, CaseIterable {
  /// Equuleus.
  case v1_3 = "1.3"
  /// Sagitta.
  case v1_4 = "1.4"
  /// Circinus.
  case v1_5 = "1.5"

  /// Whether IPsec peers have names and BGP's AS number is a value: 1.4 changed both.
  var namesPeers: Bool { self != .v1_3 }
}
