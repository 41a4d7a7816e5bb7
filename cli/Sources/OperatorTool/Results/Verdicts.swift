import AWSClient
import Groundwork
import Orchestration

/// The newest verdict on each router, gathered from executions, the newest first.
struct Verdicts: Sendable {
  /// By router, with the result that says so.
  private(set) var known: [String: Known] = [:]
  /// Routers that a phase 3 called healthy without telling which they are: their results are elsewhere, and can't be read.
  private(set) var unnamed = 0

  struct Known: Sendable {
    var health: RouterHealth
    var result: RouterResult
  }

  /// Takes what an execution says of routers that nothing newer is known of. Where phase 3 was not reached by a router, the
  /// failure of an earlier phase is its verdict.
  mutating func take(_ run: RunResults) {
    // A plan says what would be done and how it would be looked at: it has seen nothing.
    guard !run.isPlan else { return }
    let older = known
    for phase in ["phase3", "phase2", "phase1"] {
      for answer in run.answers where answer.result.phase == phase {
        for (router, result) in answer.result.results where older[router] == nil && known[router] == nil {
          guard phase == "phase3" || result.status != "Success" else { continue }
          let health = RouterHealth(
            router, result, phase: phase, execution: run.execution.name, at: answer.time)
          known[router] = Known(health: health, result: result)
        }
        if phase == "phase3", older.isEmpty { unnamed += answer.result.omittedCount ?? 0 }
      }
    }
  }

  /// Takes what a phase 3 by itself says.
  mutating func take(_ result: PhaseResult) {
    for (router, result) in result.results {
      known[router] = Known(health: RouterHealth(router, result), result: result)
    }
  }

  var health: [RouterHealth] { known.values.map(\.health).sorted(by: RouterHealth.isBefore) }
}

extension RunResults {
  /// Whether the execution only planned: by its input where that was told, else by what its phases answered.
  var isPlan: Bool {
    struct Input: Decodable { var mode: String? }
    if let input = execution.input { return JSONText.read(Input.self, Array(input.utf8))?.mode == "plan" }
    return answers.contains { $0.result.results.values.contains { $0.details.diff != nil } }
  }
}

extension Tool {
  /// How many executions are looked through for a verdict.
  private static var mostExecutions: Int { 10 }

  /// The newest execution and the last verdict on every router of the network, which may be an older execution's.
  func verdicts() async throws(ToolError) -> (newest: RunResults, verdicts: Verdicts, unverified: Int) {
    let machine = try await machine()
    let all = try await executions(of: machine, limit: Self.mostExecutions)
    guard let first = all.first else { throw .use("\(machine.name) has never been executed; sdwan up does") }
    let newest = try await whole(RunResults(try await described(first.arn), self))
    var verdicts = Verdicts()
    verdicts.take(newest)
    var wanted = try await networkNames().subtracting(verdicts.known.keys)
    for execution in all.dropFirst() where wanted.count > verdicts.unnamed {
      verdicts.take(try await whole(RunResults(execution, self)))
      wanted.subtract(verdicts.known.keys)
    }
    return (newest, verdicts, max(wanted.count - verdicts.unnamed, 0))
  }

  /// The routers that the functions know; none where the machine is not about routers, or nobody may ask.
  private func networkNames() async throws(ToolError) -> Set<String> {
    do throws(ToolError) {
      return Set(try await NetworkConfiguration(self).topology.routers.map(\.name))
    } catch {
      if error.outcome == .unreachable { return [] }
      throw error
    }
  }

  /// The same with the results that lie elsewhere because there are so many, where they can be read.
  func whole(_ run: RunResults) async throws(ToolError) -> RunResults {
    var answers: [RunResults.Answer] = []
    for var answer in run.answers {
      answer.result = await whole(answer.result)
      answers.append(answer)
    }
    return RunResults(run, answers)
  }

  /// What can't be read stays a count: the failed are in the answer itself.
  func whole(_ result: PhaseResult) async -> PhaseResult {
    guard result.omittedCount ?? 0 > 0, let place = result.resultsURI.flatMap({ ObjectURI($0) }) else {
      return result
    }
    do throws(FailedCall) {
      let bytes = try await objects.get(place, maximumSize: 256 << 20, latest: .never)
      return JSONText.read(PhaseResult.self, bytes) ?? result
    } catch {
      return result
    }
  }
}
