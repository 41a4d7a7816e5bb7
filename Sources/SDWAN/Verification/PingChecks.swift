import Groundwork

extension Expectation {
  /// The checks of all pings, each with the address that it is about.
  func pingChecks(_ seen: Observation) -> [(String, Check)] {
    peers.flatMap { peer in
      let (near, far) = (peer.link.far.address.address.description, peer.link.peer.loopback.description)
      let small = pingCheck(near, seen)
      // Where small packets are lost, a large one says nothing.
      let large = small.health == .ok ? [(near, fullSizeCheck(near, seen))] : []
      return ([(near, small)] + large + [(far, pingCheck(far, seen))]).map { ($0, $1.about(peer)) }
    }
  }

  private func pingCheck(_ target: String, _ seen: Observation) -> Check {
    let title = "ping \(target)"
    switch seen.pings[target] {
    case .success(let report)?: return judged(report, title)
    case .failure(let error)? where error.raw.contains("Network is unreachable"):
      return .fail(
        .ping, title, seen: "no route", "there is no route to \(target)", .noRoute, mayComeUp: true)
    case .failure(let error)?: return .unreadable(.ping, title, error, health: .unknown)
    case nil: return .unreadable(.ping, title, Unreadable("nobody asked for it"), health: .unknown)
    }
  }

  private func judged(_ report: PingReport, _ title: String) -> Check {
    let seen = "\(report.received) of \(report.sent) replies"
    if report.isComplete { return .ok(.ping, title, seen: seen) }
    let cause: Cause =
      if report.complaint?.contains("not permitted") == true {
        .notPermitted
      } else {
        report.received > 0 ? .loss : .peerUnreachable
      }
    // A tunnel that is just coming up loses some; one that loses as many when it is looked at again is a bad line.
    let check = Check.fail(
      .ping, title, seen: seen, "\(seen) from \(report.target)\(said(report))", cause, mayComeUp: true)
    // What the router may not send misses more than a ping.
    return cause == .notPermitted ? check.on(.vti) : check
  }

  /// One packet may be lost for other reasons, so it is looked at again too.
  private func fullSizeCheck(_ target: String, _ seen: Observation) -> Check {
    let title = "full-size ping \(target)"
    switch seen.fullSizePings[target] {
    case .success(let report)? where report.isComplete:
      return .ok(.ping, title, seen: "\(InnerPacket.largest) bytes pass")
    case .success(let report)?:
      return .fail(
        .ping, title, seen: "no reply",
        "small packets pass to \(target), one of \(InnerPacket.largest) bytes does not\(said(report))",
        Finding(.mtu, report.complaint == nil ? .likely : .certain), mayComeUp: true)
    case .failure(let error)?: return .unreadable(.ping, title, error, health: .unknown)
    case nil: return .unreadable(.ping, title, Unreadable("nobody asked for it"), health: .unknown)
    }
  }

  private func said(_ report: PingReport) -> String {
    report.complaint.map { " (\($0.oneLine(limit: 100)))" } ?? ""
  }
}
