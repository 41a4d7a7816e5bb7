import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Tells the jobs that a wave has started from those of others: the service keeps no name of a caller's with a job.
struct OwnJobs: Sendable {
  let service: RecoveryService
  let type: ExecutionType
  /// Before this nothing was started for the wave.
  let since: UnixTime
  /// Ids of those that were there before.
  let known: Set<String>
  /// Whether one that has ended may be the wave's.
  let mayBeOver: Bool

  /// The job of a batch: one with just these servers, or one with some of them where it is known that something may
  /// have been started, for those that are skipped take no part.
  /// - Throws: ``StepTrouble`` where a log can't be read.
  func job(
    of batch: [String], in jobs: [RecoveryJob], mayHaveBegun: Bool, latest: Deadline
  ) async throws(StepTrouble) -> String? {
    let servers = Set(batch)
    let candidates = jobs.filter(mayHave)
    if let job = candidates.first(where: { Set($0.servers.map(\.server)) == servers }) { return job.id }
    guard mayHaveBegun else { return nil }
    for job in candidates {
      let part = try await participants(of: job, latest)
      if !part.isEmpty, servers.isSuperset(of: part) { return job.id }
    }
    return nil
  }

  private func mayHave(_ job: RecoveryJob) -> Bool {
    !known.contains(job.id) && job.initiatedBy == type.initiator && (mayBeOver || !job.isCompleted)
      && job.created.prefix(19) >= since.utc.toTheSecond.prefix(19)
  }

  /// Where all are skipped, only the log names them.
  private func participants(of job: RecoveryJob, _ latest: Deadline) async throws(StepTrouble) -> [String] {
    guard job.servers.isEmpty else { return job.servers.map(\.server) }
    do throws(FailedCall) {
      return try await service.log(of: job.id, latest: latest).compactMap(\.server)
    } catch {
      throw StepTrouble(error.error)
    }
  }
}
