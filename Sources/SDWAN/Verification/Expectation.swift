import SSMKit

/// What has to be seen on a healthy router.
struct Expectation: Sendable {
  var router: Router
  var privateIP: IPv4Address
  var peers: [Peer]
  var version: VyOSVersion

  /// Every VTI peer and every peer's loopback.
  var pingTargets: [String] {
    peers.flatMap { [$0.link.far.address.address.description, $0.link.peer.loopback.description] }
  }

  /// What BGP has to bring: every peer's loopback.
  var routes: [String] { peers.map { "\($0.link.peer.loopback)/32" } }

  /// Judges the output of `phase3.sh`.
  func verdict(on output: String) -> Verdict {
    let answers = Answers(output: output)
    let pings = pingTargets.map { ($0, ping($0, answers)) }
    let checks = interfaceChecks(answers) + tunnelChecks(answers) + bgpChecks(answers) + pings.map(\.1)
    let healths = Dictionary(pings.map { ($0, $1.health) }) { first, _ in first }
    return Verdict(checks: checks, pings: healths)
  }

  /// The verdict where there is no output to judge.
  func verdictWithoutOutput(_ reason: String) -> Verdict {
    let areas: [Check.Area] = [.interfaces, .ipsec, .bgp]
    return Verdict(
      checks: areas.map { .fail($0, $0.rawValue, seen: "nothing", reason) },
      pings: Dictionary(pingTargets.map { ($0, .unknown) }) { first, _ in first })
  }
}

extension Expectation {
  /// Reads an answer and judges it; an unreadable one is a failure that keeps the text.
  func judge<Reading>(
    _ area: Check.Area, _ question: String, _ answers: Answers,
    _ parse: (String) throws(Unreadable) -> Reading, _ checks: (Reading) -> [Check]
  ) -> [Check] {
    do throws(Unreadable) {
      return checks(try parse(try answers.text(of: question)))
    } catch {
      return [.fail(area, question, seen: error.raw, error.sentence)]
    }
  }
}
