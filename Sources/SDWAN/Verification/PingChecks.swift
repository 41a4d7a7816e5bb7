extension Expectation {
  func ping(_ target: String, _ answers: Answers) -> Check {
    let title = "ping \(target)"
    // ping ends with 1 when no reply came: that is an answer too.
    guard let answer = answers.byName["ping-\(target)"], [0, 1].contains(answer.status) else {
      return unknown(title, answers.byName["ping-\(target)"])
    }
    do throws(Unreadable) {
      let report = try PingReport(answer.text)
      guard report.target == target else {
        throw Unreadable("ping reached \(report.target)", raw: answer.text)
      }
      return judged(report, title)
    } catch {
      return Check(area: .ping, name: title, health: .unknown, seen: error.raw, reason: error.sentence)
    }
  }

  private func judged(_ report: PingReport, _ title: String) -> Check {
    let seen = "\(report.received) of \(report.sent) replies"
    if report.isComplete { return .ok(.ping, title, seen: seen) }
    // Nothing at all may be a tunnel that is not up yet; a part of it is a bad line.
    return .fail(.ping, title, seen: seen, "\(seen) from \(report.target)", mayComeUp: report.received == 0)
  }

  private func unknown(_ title: String, _ answer: Answers.Answer?) -> Check {
    let error =
      answer.map { Unreadable(failed: $0, title) }
      ?? Unreadable("the router's output holds no whole \(title)")
    return Check(area: .ping, name: title, health: .unknown, seen: error.raw, reason: error.sentence)
  }
}
