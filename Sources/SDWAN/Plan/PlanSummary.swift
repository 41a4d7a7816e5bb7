import FleetKit
import Groundwork

/// A plan in a few words, for the summary of a phase: how many routers would change, and what would happen to each.
struct PlanSummary {
  /// Nothing where nothing was planned.
  let text: String

  init(_ results: [String: TargetResult<PlanDetails>]) {
    let planned = results.compactMapValues(\.details.diff)
    guard !planned.isEmpty else {
      text = ""
      return
    }
    let changed = planned.filter { !$0.value.isEmpty }.keys.sorted()
    let routers = changed.map { name in "\(name): \(Self.change(planned[name] ?? [], results[name]?.details))"
    }
    text = (["; plan: \(changed.count) of \(planned.count) would change"] + routers).joined(separator: "; ")
  }

  private static func change(_ lines: [String], _ details: PlanDetails?) -> String {
    switch details?.container {
    case .new: return "made"
    case .anew: return "made anew, with all that is configured in it"
    case .started: return "started"
    case .kept, nil: break
    }
    let counts = [("+ ", "set"), ("- ", "deleted"), ("~ ", "secrets changed")].compactMap { sign, word in
      let count = lines.count { $0.hasPrefix(sign) }
      return count == 0 ? nil : "\(count) \(word)"
    }
    return counts.joined(separator: ", ")
  }
}
