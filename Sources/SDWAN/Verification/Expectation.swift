import Groundwork
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

  /// Every VTI peer.
  var fullSizePingTargets: [String] { peers.map { $0.link.far.address.address.description } }

  /// What BGP has to bring: every peer's loopback.
  var routes: [String] { peers.map { "\($0.link.peer.loopback)/32" } }

  /// The same router with some of its peers only, by their places.
  func only(_ places: Range<Int>) -> Expectation {
    var some = self
    some.peers = Array(peers[places.clamped(to: peers.indices)])
    return some
  }

  /// Judges the output of `phase3.sh`.
  func verdict(on output: String) -> Verdict { verdict(on: Answers(output: output)) }

  /// Judges what the router has answered.
  func verdict(on answers: Answers) -> Verdict {
    let seen = Observation(answers, of: self)
    let pings = pingChecks(seen)
    // A VTI is down because its tunnel is, so tunnels come before their VTIs.
    let checks =
      interfaceChecks(seen) + tunnelChecks(seen) + vtiChecks(seen) + bgpChecks(seen) + pings.map(\.1)
    let healths = Dictionary(pings.map { ($0.0, $0.1.health) }) { $0 == .ok ? $1 : $0 }
    var verdict = Verdict(checks: checks, pings: healths)
    verdict.numbers = numbers(seen)
    verdict.lacksReasons = seen.why == nil && peers.contains { lacksAssociation($0, seen) }
    return verdict
  }

  /// The verdict where there is no output to judge.
  func verdictWithoutOutput(_ reason: String) -> Verdict {
    let areas: [Check.Area] = [.interfaces, .ipsec, .bgp]
    return Verdict(
      checks: areas.map { .fail($0, $0.rawValue, seen: "nothing", reason, .noAnswer).on(.host, .router) },
      pings: Dictionary(pingTargets.map { ($0, .unknown) }) { first, _ in first })
  }
}

extension Expectation {
  private func numbers(_ seen: Observation) -> Numbers {
    var numbers = Numbers()
    for (target, report) in seen.pings { numbers.ping[target] = (try? report.get()).map { .init($0) } }
    guard case .success(let associations) = seen.associations else { return numbers }
    for peer in peers {
      numbers.sa[peer.link.peer.name] =
        own(associations, of: peer).first { $0.isUp && $0.remoteAddress == peer.eip.description }
        .flatMap { Numbers.Tunnel($0) }
    }
    return numbers
  }
}

extension Check {
  /// What a whole answer that says something else stands for: of a daemon that is not there nothing works.
  fileprivate func reaching(_ error: Unreadable) -> Check {
    error.cause == .unreadable || area == .ping ? self : on(layer, .router)
  }
}

extension Result where Failure == Unreadable {
  /// The checks of what was read; an unreadable answer is a check that keeps the text.
  func checks(_ area: Check.Area, _ question: String, _ judge: (Success) -> [Check]) -> [Check] {
    switch self {
    case .success(let reading): judge(reading)
    case .failure(let error): [Check.unreadable(area, question, error).reaching(error)]
    }
  }
}

/// A check whose part of the answer may turn out to be unreadable.
func checking(_ area: Check.Area, _ title: String, _ judge: () throws(Unreadable) -> Check) -> Check {
  do throws(Unreadable) {
    return try judge()
  } catch {
    return .unreadable(area, title, error)
  }
}
