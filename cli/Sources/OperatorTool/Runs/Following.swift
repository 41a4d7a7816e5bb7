import AWSClient
import Groundwork
import Orchestration

extension Tool {
  func described(_ arn: String) async throws(ToolError) -> Execution {
    try await asked { () throws(FailedCall) in try await machines.describe(execution: arn) }
  }

  /// The routers' verdicts as a page.
  /// - Throws: ``ToolError`` for a router that there is no verdict on.
  func page(
    _ execution: Execution?, _ results: [PhaseResult], only routers: [String] = []
  ) throws(ToolError) -> StatusPage {
    let place = StatusPage.Place(network: global.name, region: region.name, now: clock.wall())
    return try StatusPage(execution, results, at: place, on: screen, only: routers)
  }

  /// Follows an execution to its end. What it says on the way is a line for everything that happens.
  func follow(_ arn: String) async throws(ToolError) -> Outcome {
    var story = RunStory()
    let latest = global.timeout.map { Deadline(clock.now() + .seconds($0)) } ?? .never
    while true {
      let execution = try await described(arn)
      let told = try await story.advance(execution, self)
      if !screen.isJSON, !screen.isQuiet { told.forEach(screen.say) }
      guard execution.status == .running || execution.status == .pendingRedrive else {
        return try await ended(execution)
      }
      if latest.hasCome(at: clock.now()) {
        Terminal.complain("sdwan: gave up waiting; the execution goes on: sdwan watch \(execution.name)")
        return .timedOut
      }
      do { try await clock.sleep(.seconds(2)) } catch { return .interrupted }
    }
  }

  private func ended(_ execution: Execution) async throws(ToolError) -> Outcome {
    let results = try await RunResults(execution, self).results(of: "phase3")
    if results.isEmpty {
      screen.say("\(execution.name) \(execution.status.rawValue)\(execution.cause.map { ": \($0)" } ?? "")")
      return execution.status == .succeeded ? .asWanted : .unwell
    }
    return try page(execution, results).show()
  }
}
