import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Ends what a drill has launched: instances of the execution's own jobs, of drills only.
struct Termination: Sendable {
  /// How often jobs are asked for that the service does not list.
  private static let mostLooks = 3
  /// How far back a call may be whose answer was lost.
  private static let longestAttempt = Duration.seconds(900)

  let service: RecoveryService
  let machines: StateMachines
  let clock: Clock

  /// - Throws: ``Failure``, `Termination.Refused` where the execution was no drill.
  func answer(to asked: Asked, latest: Deadline) async throws(Failure) -> Answer {
    do throws(StepTrouble) {
      guard let state = asked.state, !state.jobs.isEmpty else {
        return try await begin(asked.execution, after: asked.state?.looks ?? 0, latest)
      }
      return try await look(state, latest)
    } catch {
      switch error {
      case .refused(let reason): throw Failure(type: "Termination.Refused", message: reason)
      case .unknown(let reason):
        return waiting(asked.state ?? State(jobs: [], instances: [:]), reason)
      }
    }
  }

  private func waiting(_ state: State, _ summary: String) -> Answer {
    Answer(done: false, wait: state.wait, state: state, summary: summary, refs: state.jobs)
  }

  // MARK: Beginning

  /// - Parameter looks: how often the execution's jobs were asked for before.
  private func begin(_ execution: String, after looks: Int, _ latest: Deadline) async throws(StepTrouble)
    -> Answer
  {
    let ids = try await jobs(of: execution)
    let jobs = try await asked { () async throws(FailedCall) in try await service.jobs(ids, latest: latest) }
    if let other = jobs.first(where: { $0.initiatedBy != ExecutionType.drill.initiator }) {
      throw .refused(
        "the job \(other.id) of \(execution) is no drill (\(other.initiatedBy)); nothing was terminated")
    }
    let isListed = jobs.count == ids.count || looks >= Self.mostLooks
    guard isListed, jobs.allSatisfy(\.isCompleted) else {
      let open = jobs.first { !$0.isCompleted }.map { "the job \($0.id) still launches" }
      return waiting(
        State(jobs: [], instances: [:], looks: looks + 1),
        open ?? "not all of the drill's jobs are listed yet")
    }
    // Asked for without the jobs' servers: somebody may have deleted a job, and its instances go on.
    let found =
      ids.isEmpty
      ? [] : try await asked { () async throws(FailedCall) in try await service.instances(latest: latest) }
    let instances = found.filter { $0.isDrill && ids.contains($0.job) && !$0.isGone }
    guard !instances.isEmpty else {
      return Answer(
        done: true, successCount: 0, failCount: 0, failed: [],
        summary: "nothing of the drill is left to terminate", refs: [])
    }
    var state = State(
      jobs: [], instances: Dictionary(instances.map { ($0.server, $0.id) }) { first, _ in first })
    let all = instances.map(\.id).sorted()
    for place in stride(from: 0, to: all.count, by: RecoveryService.mostServers) {
      let some = Array(all[place..<min(place + RecoveryService.mostServers, all.count)])
      let servers = Set(instances.filter { some.contains($0.id) }.map(\.server))
      state.jobs.append(try await terminated(some, of: servers, latest))
    }
    return waiting(state, "\(all.count) recovery instances are being terminated")
  }

  /// The job that terminates instances: a new one, or that of a call whose answer was lost.
  private func terminated(
    _ instances: [String], of servers: Set<String>, _ latest: Deadline
  ) async throws(StepTrouble) -> String {
    let failed: FailedCall
    do throws(FailedCall) {
      return try await service.terminate(instances, latest: latest).id
    } catch {
      failed = error
    }
    guard failed.mayHaveHappened || failed.error.code == "ConflictException" else {
      throw StepTrouble(failed.error)
    }
    let jobs = try await asked { () async throws(FailedCall) in
      try await service.jobs(from: clock.wall() - Self.longestAttempt, latest: latest)
    }
    let own = jobs.first { job in
      job.type == "TERMINATE" && !job.servers.isEmpty
        && job.servers.allSatisfy { servers.contains($0.server) }
    }
    guard let own else { throw .unknown("\(failed.error); no job is to be seen so far") }
    return own.id
  }

  /// The jobs that an execution's steps have started.
  private func jobs(of execution: String) async throws(StepTrouble) -> [String] {
    var jobs: Set<String> = []
    try await asked { () async throws(FailedCall) in
      try await machines.history(of: execution) { events in
        for event in events where event.type == "TaskSucceeded" {
          jobs.formUnion(StartedJobs.told(by: event.output ?? ""))
        }
        return true
      }
    }
    return jobs.sorted()
  }

  // MARK: Its end

  private func look(_ before: State, _ latest: Deadline) async throws(StepTrouble) -> Answer {
    var state = before
    state.looks += 1
    let ids = state.jobs
    let jobs = try await asked { () async throws(FailedCall) in try await service.jobs(ids, latest: latest) }
    guard jobs.count == ids.count, jobs.allSatisfy(\.isCompleted) else {
      return waiting(state, "\(state.instances.count) recovery instances are being terminated")
    }
    let left = try await left(state, of: jobs, latest)
    let now = Int(clock.wall().seconds)
    let since = state.completed ?? now
    guard left.isEmpty || now - since >= JobVerdict.patience else {
      state.completed = since
      return waiting(state, "the jobs are completed, and \(left.count) recovery instances are still there")
    }
    let count = state.instances.count
    return Answer(
      done: true, successCount: count - left.count, failCount: left.count, failed: left,
      summary: "\(count - left.count) of \(count) recovery instances terminated", refs: state.jobs)
  }

  /// Servers whose instances are still there, though their jobs are completed.
  private func left(
    _ state: State, of jobs: [RecoveryJob], _ latest: Deadline
  ) async throws(StepTrouble) -> [String] {
    let ended = Set(jobs.flatMap(\.servers).filter { $0.status == "TERMINATED" }.map(\.server))
    let open = state.instances.keys.filter { !ended.contains($0) }.sorted()
    let found = try await asked { () async throws(FailedCall) in
      try await service.instances(of: open, latest: latest)
    }
    let there = Set(found.filter { !$0.isGone }.map(\.id))
    return open.filter { there.contains(state.instances[$0] ?? "") }
  }

  private func asked<Value>(
    _ call: () async throws(FailedCall) -> Value
  ) async throws(StepTrouble) -> Value {
    do throws(FailedCall) { return try await call() } catch { throw StepTrouble(error.error) }
  }
}
