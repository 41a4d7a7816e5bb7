/// What `ping -c 3 -W 2 ADDRESS` (iputils) reported.
struct PingReport: Equatable {
  /// As phase 3 sends them.
  static let packets = 3

  var target: String
  var sent: Int
  var received: Int
  /// Whether none but the first packets were lost: the way came up while they were on it.
  var cameUp: Bool

  /// - Throws: ``Unreadable`` unless the report is whole and agrees with itself.
  init(_ text: String) throws(Unreadable) {
    let lines = text.filledLines
    guard let head = lines.first?.words, head.count >= 3, head[0] == "PING", head[2] == "(\(head[1]))",
      lines.contains("--- \(head[1]) ping statistics ---"),
      let statistics = lines.first(where: { $0.contains("packets transmitted") })
    else { throw Unreadable("ping printed no report", raw: text) }
    target = String(head[1])
    // `3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 406ms`
    let parts = statistics.split(separator: ",").map(\.words)
    guard let sent = parts.first?.first.flatMap({ Int($0) }),
      let received = parts.first(where: { $0.last == "received" })?.first.flatMap({ Int($0) }),
      let loss = parts.first(where: { $0.last == "loss" })?.first
    else { throw Unreadable("ping's statistics can't be read", raw: String(statistics)) }
    self.sent = sent
    self.received = received
    let reply = " bytes from \(head[1]): "
    let answered = lines.filter { $0.contains(reply) && !$0.contains("(DUP!)") }
      .map { line in line.words.first { $0.hasPrefix("icmp_seq=") }.flatMap { Int($0.dropFirst(9)) } }
    cameUp = received > 0 && received < sent && answered == Array(sent - received + 1...sent)
    guard sent == Self.packets, (0...sent).contains(received), answered.count == received,
      (loss == "0%") == (received == sent)
    else { throw Unreadable("ping's report contradicts itself", raw: text) }
  }

  var isComplete: Bool { received == sent }
}
