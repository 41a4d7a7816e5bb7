import AWSClient
import Foundation
import Groundwork
import Orchestration

/// What reasoning has decided of a cluster (docs/schema/upgrade-plan.json).
struct ClusterPlan: Encodable, Sendable, Equatable {
  var cluster: String
  /// What would be done, in order.
  var plan: [String]
  /// Why it can't be, each with what to do about it.
  var reasons: [String]
  var notes: [String]
  /// A model's comment, which decides nothing.
  var advice: String?

  private struct Details: Decodable {
    var plan: [String]?
    var reasons: [String]?
    var notes: [String]?
    var advice: String?
  }

  private struct Answer: Decodable {
    struct Cluster: Decodable {
      var stderr: String?
      var status: String
      var details: Details?
    }
    var function: String
    var results: [String: Cluster]
  }

  private struct Frame: Decodable { var Payload: Answer }

  /// Those of an answer of the function reasoning, in Lambda's frame; empty for any other text.
  static func all(in output: String) -> [ClusterPlan] {
    guard let answer = JSONText.read(Frame.self, Array(output.utf8))?.Payload, answer.function == "reasoning"
    else { return [] }
    return answer.results.sorted { $0.key < $1.key }.map { name, cluster in
      let details = cluster.details
      let failure = cluster.status == "Success" ? [] : [cluster.stderr ?? cluster.status]
      return ClusterPlan(
        cluster: name, plan: details?.plan ?? [], reasons: details?.reasons ?? failure,
        notes: details?.notes ?? [], advice: details?.advice)
    }
  }

  func lines(_ screen: Screen) -> [String] {
    let head = reasons.isEmpty ? cluster : "\(cluster): not possible"
    let said =
      (reasons.isEmpty ? plan : reasons) + notes.map { "note: \($0)" }
      + (advice.map { ["advice: \($0)"] } ?? [])
    // A line that goes on is set in by itself.
    return [head]
      + said.flatMap { text in
        screen.wrapped(text, indent: 4).enumerated().map { $0.offset == 0 ? "  \($0.element)" : $0.element }
      }
  }
}

extension Tool {
  /// What an execution has found out about its clusters.
  func clusterPlans(_ arn: String) async throws(ToolError) -> [ClusterPlan] {
    var all: [ClusterPlan] = []
    try await asked { () throws(FailedCall) in
      try await machines.history(of: arn) { events in
        all += events.filter { $0.type == "TaskSucceeded" }.flatMap { ClusterPlan.all(in: $0.output ?? "") }
        return true
      }
    }
    return all
  }
}
