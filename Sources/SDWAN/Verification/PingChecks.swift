extension Expectation {
  func pingCheck(_ target: String, _ seen: Observation) -> Check {
    let title = "ping \(target)"
    switch seen.pings[target] {
    case .success(let report)?: return judged(report, title)
    case .failure(let error)? where error.raw.contains("Network is unreachable"):
      return .fail(.ping, title, seen: "no route", "there is no route to \(target)", mayComeUp: true)
    case .failure(let error)?: return .unreadable(.ping, title, error, health: .unknown)
    case nil: return .unreadable(.ping, title, Unreadable("nobody asked for it"), health: .unknown)
    }
  }

  private func judged(_ report: PingReport, _ title: String) -> Check {
    let seen = "\(report.received) of \(report.sent) replies"
    if report.isComplete { return .ok(.ping, title, seen: seen) }
    let complaint = report.complaint.map { " (\($0.oneLine(limit: 100)))" } ?? ""
    // A tunnel that is just coming up loses some; one that loses as many when it is looked at again is a bad line.
    return .fail(.ping, title, seen: seen, "\(seen) from \(report.target)\(complaint)", mayComeUp: true)
  }
}
