import AWSClient
import FleetKit
import FoundationEssentials
import Groundwork
import Orchestration

/// Ends what a drill has launched: instances of the execution's own jobs, of drills only.
struct Termination: Sendable {
  /// How far back a call may be whose answer was lost.
  private static let longestAttempt = Duration.seconds(900)

  let service: RecoveryService
  let machines: StateMachines
  let clock: Clock

  /// What `terminate` is sent.
  struct Asked: EventPart {
    let execution: String
    /// What the last `terminate` gave; nil for the first one.
    let state: State?

    static let names: Set<String> = ["execution", "state"]

    private enum Key: String, CodingKey { case execution, state }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      guard let execution: String = try fields.value(.execution, "an execution's ARN"),
        execution.hasPrefix("arn:")
      else { throw Failure.event("the event's field execution must be the ARN of the drill's execution") }
      self.execution = execution
      state = try fields.value(.state, "what the last terminate gave")
    }
  }

  /// How far it has come.
  struct State: Codable, Sendable {
    /// The jobs that terminate.
    var jobs: [String]
    /// Recovery instances by the servers that they are made of.
    var instances: [String: String]
    var looks = 0

    var wait: Int { looks < 1 ? 15 : looks < 2 ? 30 : 60 }
  }

  struct Answer: Encodable, Sendable {
    var done: Bool
    var wait: Int?
    var state: State?
    var successCount: Int?
    var failCount: Int?
    var failed: [String]?
    var summary: String
    var refs: [String]

    enum CodingKeys: String, CodingKey {
      case done, state, failed, summary, refs
      case wait = "wait_seconds"
      case successCount = "success_count"
      case failCount = "fail_count"
    }
  }

  /// - Throws: ``Failure``, `Event.Invalid` where the execution was no drill.
  func answer(to asked: Asked, latest: Deadline) async throws(Failure) -> Answer {
    do throws(StepTrouble) {
      guard let state = asked.state, !state.jobs.isEmpty else {
        return try await begin(asked.execution, latest)
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

  private func begin(_ execution: String, _ latest: Deadline) async throws(StepTrouble) -> Answer {
    let ids = try await jobs(of: execution)
    let jobs = try await asked { () async throws(FailedCall) in try await service.jobs(ids, latest: latest) }
    if let other = jobs.first(where: { $0.initiatedBy != ExecutionType.drill.initiator }) {
      throw .refused(
        "the job \(other.id) of \(execution) is no drill (\(other.initiatedBy)); nothing was terminated")
    }
    let servers = jobs.flatMap(\.servers).map(\.server)
    let found = try await asked { () async throws(FailedCall) in
      try await service.instances(of: servers, latest: latest)
    }
    let own = Set(jobs.map(\.id))
    let instances = found.filter {
      $0.isDrill && own.contains($0.job) && !["TERMINATED", "NOT_FOUND"].contains($0.state)
    }
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

  /// The jobs that an execution's steps have told of.
  private func jobs(of execution: String) async throws(StepTrouble) -> [String] {
    var jobs: Set<String> = []
    try await asked { () async throws(FailedCall) in
      try await machines.history(of: execution) { events in
        for event in events where event.type == "TaskSucceeded" {
          jobs.formUnion(JobIDs.all(in: event.output ?? ""))
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
    let ended = Set(jobs.flatMap(\.servers).filter { $0.status == "TERMINATED" }.map(\.server))
    let failed = state.instances.keys.filter { !ended.contains($0) }.sorted()
    return Answer(
      done: true, successCount: state.instances.count - failed.count, failCount: failed.count, failed: failed,
      summary:
        "\(state.instances.count - failed.count) of \(state.instances.count) recovery instances terminated",
      refs: state.jobs)
  }

  private func asked<Value>(
    _ call: () async throws(FailedCall) -> Value
  ) async throws(StepTrouble) -> Value {
    do throws(FailedCall) { return try await call() } catch { throw StepTrouble(error.error) }
  }
}

/// Finds ids of jobs in a text.
enum JobIDs {
  private static let beginning = Array("drsjob-".utf8)
  private static let length = 24

  /// `drsjob-` and 17 letters or digits, as the service's model has it.
  static func all(in text: String) -> Set<String> {
    let bytes = Array(text.utf8)
    var found: Set<String> = []
    var place = 0
    while place + length <= bytes.count {
      let rest = bytes[(place + beginning.count)..<(place + length)]
      if bytes[place...].starts(with: beginning), rest.allSatisfy(isPlain) {
        found.insert(String(decoding: bytes[place..<(place + length)], as: UTF8.self))
        place += length
      } else {
        place += 1
      }
    }
    return found
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
