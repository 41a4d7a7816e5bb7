import SSMKit

/// The far end of a router's tunnel, with the addresses that only Parameter Store knows.
struct Peer: Sendable {
  var link: Link
  /// The Elastic IP at which it is reached.
  var eip: IPv4Address
  /// Its own outside address, which its Elastic IP is translated to.
  var privateIP: IPv4Address
}
