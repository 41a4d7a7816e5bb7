/// What a router answered, read as far as it can be.
struct Observation {
  var associations: Result<[SecurityAssociation], Unreadable>
  var connections: Result<[IPsecConnection], Unreadable>
  var bgp: Result<BGPSummary, Unreadable>
  var routes: Result<RouteTable, Unreadable>
  var interfaces: Result<InterfaceTable, Unreadable>
  /// By the pinged address.
  var pings: [String: Result<PingReport, Unreadable>]
  /// The one packet of the tunnel's full size, by the VTI peer's address.
  var fullSizePings: [String: Result<PingReport, Unreadable>]
  /// What the router was asked where an SA was missing before; nil where it was not asked.
  var why: Why?

  struct Why {
    var ike: Result<IKEAssociations, Unreadable>
    var log: Result<CharonLog, Unreadable>
  }

  init(_ answers: Answers, of expected: Expectation) {
    associations = Self.read("ipsec-sa", answers) { text throws(Unreadable) in
      try SecurityAssociation.parse(text)
    }
    connections = Self.read("ipsec-connections", answers) { text throws(Unreadable) in
      try IPsecConnection.parse(text)
    }
    bgp = Self.read("bgp-summary", answers) { text throws(Unreadable) in try BGPSummary(text) }
    routes = Self.read("ip-route-bgp", answers) { text throws(Unreadable) in
      // An empty table and a daemon that is not there differ on standard error only.
      try RouteTable(text + "\n" + answers.complaint(of: "ip-route-bgp"))
    }
    interfaces = Self.read("interfaces", answers) { text throws(Unreadable) in try InterfaceTable(text) }
    pings = Dictionary(expected.pingTargets.map { ($0, Self.ping($0, .small, answers)) }) { first, _ in first
    }
    fullSizePings = Dictionary(expected.fullSizePingTargets.map { ($0, Self.ping($0, .fullSize, answers)) }) {
      first, _ in first
    }
    if answers.byName["ike-sa"] != nil || answers.byName["ipsec-log"] != nil {
      why = Why(
        ike: Self.read("ike-sa", answers) { text throws(Unreadable) in try IKEAssociations(text) },
        log: Self.read("ipsec-log", answers) { text in CharonLog(text, peers: expected.peers) })
    }
  }

  private static func read<Reading>(
    _ question: String, _ answers: Answers, _ parse: (String) throws(Unreadable) -> Reading
  ) -> Result<Reading, Unreadable> {
    do throws(Unreadable) {
      return .success(try parse(try answers.text(of: question)))
    } catch {
      var error = error
      error.understand(answers.complaint(of: question))
      if error.raw.isEmpty { error.raw = Unreadable.lastWords(of: answers.complaint(of: question)) }
      return .failure(error)
    }
  }

  private static func ping(
    _ target: String, _ kind: PingReport.Kind, _ answers: Answers
  ) -> Result<PingReport, Unreadable> {
    let name = "\(kind.question)-\(target)"
    guard let answer = answers.byName[name] else {
      return .failure(answers.missing(name))
    }
    let complaint = answers.complaint(of: name)
    // ping ends with 0 when a reply came, and with 1 when none did.
    guard [0, 1].contains(answer.status) else {
      return .failure(Unreadable(failed: answer, complaint: complaint))
    }
    do throws(Unreadable) {
      let report = try PingReport(answer.text + "\n" + complaint, kind)
      guard report.target == target, (answer.status == 0) == (report.received > 0) else {
        throw Unreadable(
          "ping's report on \(report.target) contradicts its exit status or its target", raw: answer.text)
      }
      return .success(report)
    } catch {
      return .failure(error)
    }
  }
}
