import Groundwork

/// When an execution did what, as bars beside their names and times. Between two of its parts it rested, or waited for a word.
struct TimelineChart {
  struct Bar: Equatable {
    var name: String
    var isPause: Bool
    var began: UnixTime
    /// nil while it runs.
    var ended: UnixTime?
  }

  /// A shorter pause is none.
  private static let shortestPause = Duration.milliseconds(500)

  let bars: [Bar]
  private let start: UnixTime
  private let now: UnixTime

  init(_ stages: [Stage], from start: UnixTime, now: UnixTime) {
    var bars: [Bar] = []
    var rested = start
    for stage in stages {
      if stage.began - rested >= Self.shortestPause {
        bars.append(Bar(name: "pause", isPause: true, began: rested, ended: stage.began))
      }
      bars.append(Bar(name: stage.title, isPause: false, began: stage.began, ended: stage.ended))
      rested = max(rested, stage.ended ?? now)
    }
    self.bars = bars
    self.start = start
    self.now = now
  }

  var html: String {
    let end = bars.map { $0.ended ?? now }.max() ?? now
    let whole = max((end - start).inSeconds, 0.001)
    func share(_ time: Duration) -> Double { (min(max(time.inSeconds / whole, 0), 1) * 1000).rounded() / 10 }
    let rows = bars.map { bar in
      let took = (bar.ended ?? now) - bar.began
      let left = min(share(bar.began - start), 99.7)
      let width = min(max(share(took), 0.3), 100 - left)
      let drawn =
        "<div class=\"bar\(bar.isPause ? " pause" : "")\" style=\"margin-left:\(left)%;width:\(width)%\"></div>"
      let time = bar.ended == nil ? "running for \(Words.precise(took))" : Words.precise(took)
      return
        "<tr><td>\(Markup.escaped(bar.name))</td><td class=\"number\">\(time)</td><td class=\"chart\">\(drawn)</td></tr>"
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
