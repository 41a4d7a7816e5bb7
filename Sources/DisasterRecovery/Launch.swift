import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Starts a wave's jobs, each once: what an earlier attempt may have started is looked for first, and an answer that was
/// lost is looked for afterwards.
struct Launch: Sendable {
  /// How long an attempt may be ago of a caller whose executions have no beginning that can be asked for.
  private static let longestAttempt = Duration.seconds(900)

  let service: RecoveryService
  let machines: StateMachines
  let clock: Clock

  private var preflight: Preflight { Preflight(service: service, clock: clock) }

  /// Starts as many jobs as may run.
  /// - Parameters:
  ///   - state: what was started so far.
  ///   - jobs: how those stand, by their ids.
  /// - Throws: ``StepTrouble`` as long as nothing was started; after that the state says it.
  func started(
    _ wave: Wave, _ state: RecoveryState, _ jobs: [String: RecoveryJob], latest: Deadline
  ) async throws(StepTrouble) -> RecoveryState {
    var state = state
    let batches = wave.batches
    guard state.jobs.count < batches.count, state.refusal == nil, !wave.isOver else { return state }
    do throws(StepTrouble) {
      let since = wave.mayHaveBegun ? try await beginning(of: wave) : wave.started
      let before = try await preflight.jobs(since: since, latest: latest)
      let own = OwnJobs(
        service: service, type: wave.type, since: since,
        known: wave.mayHaveBegun ? [] : Set(before.map(\.id)), mayBeOver: Self.isExecution(wave.execution))
      let earlier = try await begun(batches, own, after: state, wave, among: before, latest)
      let isNew = state.jobs.isEmpty && earlier.isEmpty
      if isNew { try await preflight.require(wave, beside: before, latest: latest) }
      var atWork = zip(batches, state.jobs).filter { jobs[$1]?.isCompleted != true }.reduce(0) {
        $0 + $1.0.count
      }
      while state.jobs.count < batches.count {
        let batch = batches[state.jobs.count]
        guard atWork == 0 || atWork + batch.count <= wave.most else { break }
        if let job = earlier[state.jobs.count] {
          state.jobs.append(job)
        } else {
          // Of a wave that has begun nobody has looked yet whether these can be launched.
          if !isNew { try await preflight.require(wave.with(batch), beside: before, latest: latest) }
          state.jobs.append(try await job(of: batch, own, wave, latest))
        }
        atWork += batch.count
      }
    } catch {
      // A job that runs is never forgotten because of another one.
      guard !state.jobs.isEmpty else { throw error }
      if case .refused(let reason) = error { state.refusal = reason.oneLine(limit: 300) }
    }
    return state
  }

  /// Before this nothing was started for the wave.
  private func beginning(of wave: Wave) async throws(StepTrouble) -> UnixTime {
    guard Self.isExecution(wave.execution) else { return clock.wall() - Self.longestAttempt }
    do throws(FailedCall) {
      return try await machines.describe(execution: wave.execution).started
    } catch {
      throw StepTrouble(error.error)
    }
  }

  private static func isExecution(_ name: String) -> Bool { name.hasPrefix("arn:") }

  /// The jobs that an earlier attempt has started, by their batches' places.
  private func begun(
    _ batches: [[String]], _ own: OwnJobs, after state: RecoveryState, _ wave: Wave,
    among jobs: [RecoveryJob], _ latest: Deadline
  ) async throws(StepTrouble) -> [Int: String] {
    guard wave.mayHaveBegun else { return [:] }
    var found: [Int: String] = [:]
    for place in state.jobs.count..<batches.count {
      found[place] = try await own.job(of: batches[place], in: jobs, mayHaveBegun: true, latest: latest)
    }
    return found
  }

  /// Starts a batch's job.
  private func job(
    of batch: [String], _ own: OwnJobs, _ wave: Wave, _ latest: Deadline
  ) async throws(StepTrouble) -> String {
    let failed: FailedCall
    do throws(FailedCall) {
      return try await service.start(batch, isDrill: wave.type == .drill, latest: latest).id
    } catch {
      failed = error
    }
    let isConflict = failed.error.code == "ConflictException"
    guard isConflict || failed.mayHaveHappened else { throw StepTrouble(failed.error) }
    let jobs = try await preflight.jobs(since: own.since, latest: latest)
    let mayHaveBegun = wave.mayHaveBegun || failed.mayHaveHappened
    if let job = try await own.job(of: batch, in: jobs, mayHaveBegun: mayHaveBegun, latest: latest) {
      return job
    }
    if isConflict,
      let other = jobs.first(where: { job in
        !job.isCompleted && job.servers.contains { batch.contains($0.server) }
      })
    {
      throw .refused(
        "\(failed.error); it is the job \(other.id) (\(other.initiatedBy)), which is not this wave's")
    }
    throw .unknown("\(failed.error); no job is to be seen so far")
  }
}
