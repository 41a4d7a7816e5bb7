import FleetKit
import Groundwork

/// Servers that are launched together.
struct Wave: Sendable {
  /// Servers of one job (AWS's quota L-B827C881).
  static let mostOfJob = 100
  /// Jobs that run at the same time (L-D88FAC3A), and that an answer names.
  static let mostJobs = 20
  /// Servers in all jobs that run (L-05AFA8C6).
  static let mostServers = 500

  let servers: [String]
  let type: ExecutionType
  let force: Bool
  /// The execution's ARN, or what an older caller calls it.
  let execution: String
  /// When the step began.
  let started: UnixTime
  /// Servers that may be in jobs of the wave at the same time.
  let most: Int
  /// Whether an earlier attempt may have started what this one is about to start.
  let mayHaveBegun: Bool
  /// Whether its time is over.
  let isOver: Bool

  /// The servers by jobs, which are started in this order.
  var batches: [[String]] {
    let size = min(Self.mostOfJob, most)
    return stride(from: 0, to: servers.count, by: size).map {
      Array(servers[$0..<min($0 + size, servers.count)])
    }
  }

  /// Jobs of the wave that may run at the same time.
  var jobsAtOnce: Int { min(batches.count, max(most / Self.mostOfJob, 1)) }

  /// The same for some of its servers.
  func with(_ servers: [String]) -> Wave {
    Wave(
      servers: servers, type: type, force: force, execution: execution, started: started, most: most,
      mayHaveBegun: mayHaveBegun, isOver: isOver)
  }

  /// - Throws: ``StepTrouble`` where the wave is more than AWS lets run.
  func requireSize() throws(StepTrouble) {
    guard servers.count <= Self.mostServers else {
      throw .refused(
        "\(servers.count) servers; \(Self.mostServers) may be in running jobs at the same time: use smaller waves"
      )
    }
    guard batches.count <= Self.mostJobs else {
      throw .refused(
        "\(servers.count) servers, \(min(Self.mostOfJob, most)) at once, take \(batches.count) jobs; \(Self.mostJobs) are possible: use smaller waves, or a larger maxConcurrency"
      )
    }
  }
}

extension Wave {
  /// - Throws: ``StepTrouble`` where the event does not say what is to be done.
  init(_ step: StepRequest) throws(StepTrouble) {
    let wishes = try RecoveryEvent(of: step)
    guard [.apply, .plan].contains(step.event.mode) else {
      throw .refused(
        "mode \(step.event.mode.rawValue) is not for servers; a drill ends with the action terminate")
    }
    self.init(
      servers: step.items, type: wishes.type, force: wishes.force, execution: step.execution,
      started: step.started, most: max(step.maxConcurrency ?? Self.mostServers, 1),
      mayHaveBegun: step.mayHaveBegun, isOver: step.isOver)
  }
}
