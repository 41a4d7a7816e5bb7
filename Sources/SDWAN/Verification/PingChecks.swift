extension Expectation {
  func ping(_ target: String, _ answers: Answers) -> Check {
    let title = "ping \(target)"
    guard let answer = answers.byName["ping-\(target)"] else { return unknown(title, nil) }
    if answer.status == 2, answer.text.contains("Network is unreachable") {
      return .fail(.ping, title, seen: "no route", "there is no route to \(target)", mayComeUp: true)
    }
    // ping ends with 0 when a reply came, and with 1 when none did.
    guard [0, 1].contains(answer.status) else { return unknown(title, answer) }
    do throws(Unreadable) {
      let report = try PingReport(answer.text)
      guard report.target == target, (answer.status == 0) == (report.received > 0) else {
        throw Unreadable(
          "ping's report on \(report.target) contradicts its exit status or its target", raw: answer.text)
      }
      return judged(report, title)
    } catch {
      return Check(area: .ping, name: title, health: .unknown, seen: error.raw, reason: error.sentence)
    }
  }

  private func judged(_ report: PingReport, _ title: String) -> Check {
    let seen = "\(report.received) of \(report.sent) replies"
    if report.isComplete { return .ok(.ping, title, seen: seen) }
    // Nothing at all may be a tunnel that is not up yet, and a bad beginning one that has just come up; any other
    // part of it is a bad line.
    return .fail(
      .ping, title, seen: seen, "\(seen) from \(report.target)",
      mayComeUp: report.received == 0 || report.cameUp)
  }

  private func unknown(_ title: String, _ answer: Answers.Answer?) -> Check {
    let error =
      answer.map { Unreadable(failed: $0) }
      ?? Unreadable("the router's output holds no whole \(title)")
    return Check(area: .ping, name: title, health: .unknown, seen: error.raw, reason: error.sentence)
  }
}
