import Groundwork

/// When an execution did what, as bars beside their names and times.
struct TimelineChart {
  private let stages: [Timeline.Stage]
  private let start: UnixTime
  private let now: UnixTime

  init(_ stages: [Timeline.Stage], from start: UnixTime, now: UnixTime) {
    self.stages = stages
    self.start = start
    self.now = now
  }

  var html: String {
    let end = stages.map { $0.ended ?? now }.max() ?? now
    let whole = max((end - start).inSeconds, 0.001)
    func share(_ time: Duration) -> Double { (min(max(time.inSeconds / whole, 0), 1) * 1000).rounded() / 10 }
    let rows = stages.map { stage in
      let took = (stage.ended ?? now) - stage.began
      let (left, width) = (share(stage.began - start), max(share(took), 0.3))
      let bar =
        "<div class=\"bar\(stage.isPause ? " pause" : "")\" style=\"margin-left:\(min(left, 99.7))%;width:\(min(width, 100 - min(left, 99.7)))%\"></div>"
      let time = stage.ended == nil ? "running for \(Words.precise(took))" : Words.precise(took)
      return
        "<tr><td>\(Markup.escaped(stage.name))</td><td class=\"number\">\(time)</td><td class=\"chart\">\(bar)</td></tr>"
    }
    return "<table class=\"timeline\"><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
  }
}

extension Words {
  /// `2.3 s`, where less than ten seconds; `6 min 5 s`.
  static func precise(_ time: Duration) -> String {
    let seconds = max(time.inSeconds, 0)
    if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
