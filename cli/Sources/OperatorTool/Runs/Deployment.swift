import AWSClient
import Groundwork
import Orchestration

/// The deployment that commands are about.
extension Tool {
  /// Its state machine.
  /// - Throws: ``ToolError`` where there is none of that name.
  func machine() async throws(ToolError) -> StateMachine {
    let all = try await asked { () throws(FailedCall) in try await machines.list() }
    if let found = all.first(where: { $0.name == global.name }) { return found }
    let near = Words.near(global.name, among: all.map(\.name)).map { "; did you mean --name \($0)?" } ?? ""
    throw .refused(
      "there is no state machine \(global.name) in \(region)\(near.isEmpty ? "; is that the home region, and was terraform apply done?" : near)"
    )
  }

  /// An execution by a beginning of its name, by `@N` for the one N before the newest, or the newest.
  /// - Throws: ``ToolError`` where there is none, or more than one.
  func execution(_ wanted: String?) async throws(ToolError) -> Execution {
    let machine = try await machine()
    let place = wanted.flatMap { $0.hasPrefix("@") ? Int($0.dropFirst()) : nil }
    if let wanted, place == nil {
      let all = try await executions(of: machine, limit: 1000)
      let found = all.filter { $0.name.hasPrefix(wanted) || $0.arn == wanted }
      guard let first = found.first else {
        throw .use("no execution of \(machine.name) begins with \"\(wanted)\"")
      }
      if found.count > 1, first.name != wanted {
        throw .use(
          "\(found.count) executions begin with \"\(wanted)\", \(first.name) and \(found[1].name) among them")
      }
      return first
    }
    let all = try await executions(of: machine, limit: (place ?? 0) + 1)
    guard all.count > place ?? 0, let found = all.last else {
      throw .use(
        all.isEmpty
          ? "\(machine.name) has never been executed; sdwan up does"
          : "there is no execution \(wanted ?? ""): there are \(all.count), the oldest is @\(all.count - 1)")
    }
    return found
  }

  func executions(
    of machine: StateMachine, _ status: Execution.Status? = nil, limit: Int
  ) async throws(ToolError) -> [Execution] {
    try await executions(of: machine.stateMachineArn, status, limit: limit)
  }

  func executions(
    of machine: String, _ status: Execution.Status? = nil, limit: Int
  ) async throws(ToolError) -> [Execution] {
    try await asked { () throws(FailedCall) in
      try await machines.executions(of: machine, status, limit: limit)
    }
  }

  /// Calls a phase by itself.
  func call(_ phase: String, _ event: [String: any Encodable & Sendable]) async throws(ToolError)
    -> PhaseResult
  {
    try await answer(phase, event).result
  }

  /// Calls a phase by itself.
  /// - Returns: its result, read and as it came.
  func answer(
    _ phase: String, _ event: [String: any Encodable & Sendable]
  ) async throws(ToolError) -> (result: PhaseResult, raw: RawJSON) {
    let function = "\(global.name)-\(phase)"
    let latest = global.timeout.map { Deadline(clock.now() + .seconds($0)) } ?? .never
    let answer: InvocationAnswer
    do throws(InvocationFailure) {
      answer = try await functions.invoke(function, event: JSONText.object(event), latest: latest)
    } catch {
      if let time = global.timeout, latest.hasCome(at: clock.now()) {
        throw ToolError(
          message: "\(function) had not answered after \(time) s (--timeout); it may still be at work",
          outcome: .timedOut)
      }
      throw .refused("\(function): \(error)")
    }
    guard let result = JSONText.read(PhaseResult.self, answer.payload),
      let raw = JSONText.read(RawJSON.self, answer.payload)
    else { throw .refused("\(function) answered no result of a phase") }
    return (result, raw)
  }
}
