import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Asks how a wave's jobs stand.
struct Watch: Sendable {
  let service: RecoveryService
  let launch: Launch
  let clock: Clock

  /// How a wave stands.
  struct Standing: Sendable {
    var state: RecoveryState
    var ended: [String: ServerResult]
    /// As far as the service tells them.
    var jobs: [RecoveryJob]
  }

  /// - Throws: ``StepTrouble``: what is not known now may be later.
  func look(_ wave: Wave, _ before: RecoveryState, latest: Deadline) async throws(StepTrouble) -> Standing {
    var state = before
    state.looks += 1
    let found = try await asked { () async throws(FailedCall) in
      try await service.jobs(state.jobs, latest: latest)
    }
    let jobs = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    state = try await launch.started(wave, state, jobs, latest: latest)
    var ended: [String: ServerResult] = [:]
    for (place, servers) in wave.batches.enumerated() {
      if place < state.jobs.count {
        if let job = jobs[state.jobs[place]], job.isCompleted {
          ended.merge(try await results(of: servers, job, place, wave, &state, latest)) { $1 }
        }
      } else if let refusal = state.refusal {
        for server in servers { ended[server] = .failed("not launched: \(refusal)") }
      }
    }
    return Standing(state: state, ended: ended, jobs: found)
  }

  private func results(
    of servers: [String], _ job: RecoveryJob, _ place: Int, _ wave: Wave, _ state: inout RecoveryState,
    _ latest: Deadline
  ) async throws(StepTrouble) -> [String: ServerResult] {
    let log =
      try await known(wave, or: []) { () async throws(FailedCall) in
        JobVerdict.needsLog(job, of: servers) ? try await service.log(of: job.id, latest: latest) : []
      }
    let nameless = job.servers.filter { $0.status == "LAUNCHED" && $0.recoveryInstance == nil }.map(\.server)
    let instances =
      try await known(wave, or: []) { () async throws(FailedCall) in
        try await service.instances(of: nameless, latest: latest)
      }
    let now = Int(clock.wall().seconds)
    let since = state.open[String(place)] ?? now
    let verdict = JobVerdict(
      job: job, log: log,
      instances: Dictionary(instances.filter { $0.job == job.id }.map { ($0.server, $0) }) { first, _ in first
      },
      isLate: now - since >= JobVerdict.patience)
    let results = servers.compactMap { server in verdict.result(of: server).map { (server, $0) } }
    if results.count < servers.count { state.open[String(place)] = since }
    return Dictionary(results) { first, _ in first }
  }

  /// What only explains is done without when the step's time is over.
  private func known<Value: Sendable>(
    _ wave: Wave, or nothing: Value, _ call: () async throws(FailedCall) -> Value
  ) async throws(StepTrouble) -> Value {
    do throws(StepTrouble) { return try await asked(call) } catch {
      guard wave.isOver else { throw error }
      return nothing
    }
  }

  private func asked<Value: Sendable>(
    _ call: () async throws(FailedCall) -> Value
  ) async throws(StepTrouble) -> Value {
    do throws(FailedCall) { return try await call() } catch { throw StepTrouble(error.error) }
  }
}
