import Groundwork

/// What `ping` (iputils) reported.
struct PingReport: Equatable {
  /// As phase 3 sends them.
  enum Kind {
    /// `ping -c 3 -W 2 ADDRESS`.
    case small
    /// `ping -c 1 -W 2 -M do -s SIZE ADDRESS`: not to be fragmented.
    case fullSize

    var packets: Int { self == .small ? 3 : 1 }
    /// What stands before the address in the answer's name.
    var question: String { self == .small ? "ping" : "full-size-ping" }
  }

  var target: String
  var sent: Int
  var received: Int
  /// What ping or a router on the way said about a packet that was lost, the first of it.
  var complaint: String?
  /// The mean in milliseconds; nil where nothing came back, or it was not said.
  var roundTrip: Double?

  /// - Throws: ``Unreadable`` unless the report is whole, of this kind, and agrees with itself.
  init(_ text: String, _ kind: Kind) throws(Unreadable) {
    let lines = text.plainLines
    guard let head = lines.first(where: { $0.hasPrefix("PING ") })?.words, head.count >= 3,
      head[2] == "(\(head[1]))", lines.contains("--- \(head[1]) ping statistics ---"),
      let statistics = lines.first(where: { $0.contains("packets transmitted") })
    else { throw Unreadable("ping printed no report", raw: text) }
    target = String(head[1])
    // `3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 406ms`
    let parts = statistics.split(separator: ",").map(\.words)
    guard let sent = parts.first?.first.flatMap({ Int($0) }),
      let received = parts.first(where: { $0.last == "received" })?.first.flatMap({ Int($0) }),
      let loss = parts.first(where: { $0.last == "loss" })?.first
    else { throw Unreadable("ping's statistics can't be read", raw: statistics) }
    self.sent = sent
    self.received = received
    complaint = lines.lazy.compactMap(Self.complaint).first
    let reply = " bytes from \(head[1]): "
    let answered = lines.count { $0.contains(reply) && !$0.contains("(DUP!)") }
    guard sent == kind.packets, (0...sent).contains(received), answered == received,
      (loss == "0%") == (received == sent)
    else { throw Unreadable("ping's report contradicts itself", raw: text) }
    // `PING 169.254.100.2 (169.254.100.2) 1394(1422) bytes of data.`
    guard kind == .small || head.dropFirst(3).first == "\(InnerPacket.pingPayload)(\(InnerPacket.largest))"
    else {
      throw Unreadable("ping's report is about packets of another size", raw: head.joined(separator: " "))
    }
    roundTrip = lines.lazy.compactMap(Self.mean).first
  }

  var isComplete: Bool { received == sent }

  /// `rtt min/avg/max/mdev = 0.495/1.890/4.389/1.770 ms`.
  private static func mean(_ line: String) -> Double? {
    guard line.hasPrefix("rtt min/avg/max/"),
      let values = line.words.dropFirst(3).first?.split(separator: "/"),
      values.count > 1, let mean = Double(values[1]), mean.isFinite
    else { return nil }
    return mean
  }

  /// `ping: sendmsg: Operation not permitted`, `From 10.0.0.1 icmp_seq=1 Destination Host Unreachable`.
  private static func complaint(_ line: String) -> String? {
    if line.hasPrefix("ping: ") { return String(line.dropFirst(6)) }
    guard line.hasPrefix("From ") else { return nil }
    let words = line.words
    guard let place = words.firstIndex(where: { $0.hasPrefix("icmp_seq=") }), words.count > place + 1 else {
      return nil
    }
    return "\(words[(place + 1)...].joined(separator: " ")), says \(words[1])"
  }
}
