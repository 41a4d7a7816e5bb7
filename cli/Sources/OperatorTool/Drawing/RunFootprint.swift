import Foundation
import Orchestration

/// What a run took. Each line says how much of what; what nobody has counted is not there.
struct RunFootprint: Sendable {
  var lines: [(what: String, amount: String)] = []

  /// By the file that the local run's `--footprint` writes.
  /// - Throws: ``ToolError`` where it is none.
  init(file: [UInt8], named name: String) throws(ToolError) {
    guard let written = JSONText.read(Written.self, file) else {
      throw .use("\(name) is no footprint: scripts/run-local --footprint FILE writes one")
    }
    let functions = written.functions.sorted { $0.key < $1.key }
    for (name, use) in functions {
      lines.append(
        (name, "\(use.invocations) invocations, \(Self.number(Double(use.billed_ms) / 1000)) s billed"))
    }
    lines.append(
      ("functions together", "\(Self.number(functions.reduce(0) { $0 + $1.value.gb_seconds })) GB-seconds"))
    for (call, count) in written.ssm_calls.sorted(by: { $0.key < $1.key }) {
      lines.append(("Systems Manager: \(call)", "\(count) calls"))
    }
    lines.append(("state transitions", "\(written.state_transitions)"))
  }

  /// What an execution's history and its functions' reports tell. Where nobody may read those, the history's part is all.
  init(_ execution: Execution, transitions: Int, _ tool: Tool) async {
    do throws(ToolError) {
      let functions = try await CostCommand.architectures(of: try await Machine(tool), tool)
      let cost = try await CostCommand.cost(of: execution, functions, tool)
      lines = [
        ("functions", "\(cost.invocations) invocations, \(Self.number(cost.gbSeconds)) GB-seconds billed"),
        ("largest memory of a function", "\(cost.maxMemoryMb) MB"),
      ]
      lines.append(("at list prices", "\((cost.usd * 100_000).rounded() / 100_000) USD"))
    } catch {
      lines = [("functions", "not known: \(error.message)")]
    }
    lines.append(("state transitions", "\(transitions)"))
  }

  private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

  private struct Written: Decodable {
    struct Use: Decodable { var invocations: Int, billed_ms: Int, gb_seconds: Double }

    var functions: [String: Use]
    var ssm_calls: [String: Int]
    var state_transitions: Int
  }
}
