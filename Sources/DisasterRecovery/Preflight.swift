import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Looks whether servers can be launched, and changes nothing.
struct Preflight: Sendable {
  /// How far back a job may have begun that still runs.
  private static let longestJob = Duration.seconds(2 * 86_400)
  /// Servers that a message names.
  private static let mostNames = 5

  let service: RecoveryService
  let clock: Clock

  /// All jobs that may still run, and those beside them that began since.
  /// - Parameter time: jobs that were made since then are among them.
  /// - Throws: ``StepTrouble``.
  func jobs(since time: UnixTime, latest: Deadline) async throws(StepTrouble) -> [RecoveryJob] {
    do throws(FailedCall) {
      return try await service.jobs(from: min(time, clock.wall() - Self.longestJob), latest: latest)
    } catch {
      throw StepTrouble(error.error)
    }
  }

  /// - Parameter jobs: of a moment ago.
  /// - Throws: ``StepTrouble``, a refusal that names what stands against it.
  func require(_ wave: Wave, beside jobs: [RecoveryJob], latest: Deadline) async throws(StepTrouble) {
    try wave.requireSize()
    let servers: [SourceServer]
    do throws(FailedCall) {
      servers = try await service.servers(wave.servers, latest: latest)
    } catch {
      throw StepTrouble(error.error)
    }
    try require(wave, in: servers)
    try require(wave, beside: jobs.filter { !$0.isCompleted })
  }

  private func require(_ wave: Wave, in found: [SourceServer]) throws(StepTrouble) {
    let known = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    let missing = wave.servers.filter { known[$0] == nil }
    guard missing.isEmpty else {
      throw .refused("there are no such source servers: \(Self.some(missing))")
    }
    let broken = wave.servers.filter { known[$0]?.replication != "CONTINUOUS" }
    guard broken.isEmpty || wave.force else {
      let words = broken.map { server in
        let state = known[server]?.replication ?? ""
        return "\(server) (\(state.isEmpty ? "nobody knows how" : state))"
      }
      throw .refused(
        "not replicated continuously: \(Self.some(words)); with force: true they are launched from what there is of them"
      )
    }
  }

  private func require(_ wave: Wave, beside running: [RecoveryJob]) throws(StepTrouble) {
    let own = Set(wave.servers)
    for job in running {
      let taken = job.servers.map(\.server).filter(own.contains)
      guard taken.isEmpty else {
        throw .refused("the job \(job.id) (\(job.initiatedBy)) has \(Self.some(taken)), and runs")
      }
    }
    let others = running.reduce(0) { $0 + $1.servers.count }
    guard others + min(wave.servers.count, wave.most) <= Wave.mostServers else {
      throw .refused(
        "\(others) servers are in running jobs; with \(wave.servers.count) more there are over \(Wave.mostServers)"
      )
    }
    guard running.count + wave.jobsAtOnce <= Wave.mostJobs else {
      throw .refused(
        "\(running.count) jobs run, and this takes \(wave.jobsAtOnce) more; \(Wave.mostJobs) may run at the same time"
      )
    }
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(mostNames).joined(separator: ", ")
      + (names.count > mostNames ? " and \(names.count - mostNames) more" : "")
  }
}
