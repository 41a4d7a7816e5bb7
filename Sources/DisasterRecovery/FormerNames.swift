import FleetKit
import Groundwork

/// The actions of the system that this one replaces, `start_wave` and `check_wave_status`: what its callers send and read
/// stands beside what ours do.
struct FormerNames: Sendable {
  let launch: Launch
  let watch: Watch
  let clock: Clock

  /// What a call before this one may have started is found, as long as it runs: whoever got no answer asks again.
  /// - Parameter groups: all that there are.
  /// - Throws: ``Failure`` (`Event.Invalid`) where the wave is empty, or names a group that there is not.
  func start(_ asked: Start, _ groups: Groups.Found, latest: Deadline) async throws(Failure) -> Answer {
    var servers = asked.servers
    for group in asked.groups {
      if let reason = groups.broken[group] {
        throw .event("the event's field wave.ProtectionGroups: \(reason)")
      }
      guard let own = groups.servers[group] else {
        throw .event(
          "the event's field wave.ProtectionGroups names \"\(group.shown(bytes: 80))\", which there is not")
      }
      servers += own
    }
    var seen: Set<String> = []
    servers = servers.filter { seen.insert($0).inserted }
    guard !servers.isEmpty else { throw .event("the event's field wave is empty: it names no server") }
    var answer = Answer(
      number: asked.number, execution: asked.execution, type: asked.wishes.type, force: asked.wishes.force,
      plan: asked.plan, servers: servers, started: clock.wall().seconds, state: RecoveryState())
    do throws(StepTrouble) {
      answer.state = try await launch.started(wave(answer), RecoveryState(), [:], latest: latest)
      answer.jobStatus = "PENDING"
    } catch {
      fail(&answer, error)
    }
    return told(answer)
  }

  /// How the wave stands now.
  func check(_ asked: Check, latest: Deadline) async throws(Failure) -> Answer {
    var answer = asked.before
    guard answer.status == "IN_PROGRESS" else { return answer }
    do throws(StepTrouble) {
      let standing = try await watch.look(wave(answer), answer.state, latest: latest)
      answer.state = standing.state
      answer.jobStatus = standing.jobs.allSatisfy(\.isCompleted) ? "COMPLETED" : "STARTED"
      for server in standing.jobs.flatMap(\.servers) {
        answer.serverStatuses[server.server] = .init(
          status: server.status,
          instance: standing.ended[server.server]?.instanceID ?? server.recoveryInstance ?? "",
          timestamp: clock.wall().utc.toTheSecond)
      }
      if standing.ended.count == answer.servers.count {
        answer.failed = answer.servers.filter { standing.ended[$0]?.status != .success }
        answer.status = answer.failed.isEmpty ? "COMPLETED" : "FAILED"
        answer.summary = answer.failed.first.map { "\($0): \(standing.ended[$0]?.stderr ?? "")" }
      }
    } catch {
      fail(&answer, error)
    }
    return told(answer)
  }

  private func wave(_ answer: Answer) -> Wave {
    Wave(
      servers: answer.servers, type: answer.type, force: answer.force, execution: answer.execution,
      started: UnixTime(seconds: answer.started), most: Wave.mostServers, mayHaveBegun: true,
      isOver: false)
  }

  /// What is unknown leaves everything as it was.
  private func fail(_ answer: inout Answer, _ trouble: StepTrouble) {
    switch trouble {
    case .unknown(let reason): answer.summary = reason
    case .refused(let reason):
      answer.status = "FAILED"
      answer.failed = answer.servers
      answer.summary = reason
    }
  }

  private func told(_ answer: Answer) -> Answer {
    var answer = answer
    answer.jobs = answer.state.jobs
    answer.job = answer.jobs.first
    answer.wait = answer.status == "IN_PROGRESS" ? answer.state.wait.inWholeSeconds : nil
    return answer
  }
}
