import AWSClient
import Foundation
import Groundwork
import Orchestration

/// The deployment's state machine, and which of the two it is.
struct Machine: Sendable {
  let arn: String
  let name: String
  let kind: Kind
  /// The names of the functions that it calls.
  let functions: [String]

  enum Kind: Sendable, Equatable {
    /// The three phases one after another.
    case synchronous
    /// The rollout engine: waves of steps.
    case rollout
  }

  private struct Definition: Decodable {
    struct State: Decodable {}
    var States: [String: State]
  }

  /// - Throws: ``ToolError`` where there is none.
  init(_ tool: Tool) async throws(ToolError) {
    let found = try await tool.machine()
    let whole = try await asked { () throws(FailedCall) in
      try await tool.machines.describe(found.stateMachineArn)
    }
    arn = found.stateMachineArn
    name = found.name
    let states = JSONText.read(Definition.self, Array(whole.definition.utf8))?.States
    functions = Set(whole.definition.matches(of: /:function:([A-Za-z0-9_-]+)/).map { String($0.1) }).sorted()
    // The engine alone admits what it is asked for.
    kind = states?["Admit"] == nil ? .synchronous : .rollout
  }
}
