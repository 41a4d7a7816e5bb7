import AWSClient
import FleetTesting
import Groundwork
import HTTPClient
import Testing

@testable import SSMKit

/// How many commands stand, by the list of all, and by their ids where there is none.
@Suite struct HistoryTests {
  private struct Seen: Sendable {
    var standings: [SentCommand: Standing]
    var lists: Int
    var looks: Int
    var elapsed: Duration

    var results: [CommandResult] {
      standings.values.compactMap { if case .ended(let result) = $0 { result } else { nil } }
    }
    var running: Int { standings.values.count { $0 == .running } }
    var errors: [AWSError] {
      standings.values.compactMap { if case .unknown(let error) = $0 { error } else { nil } }
    }
  }

  /// A fleet whose commands were sent a minute ago.
  private func look(
    at count: Int, latest: Duration = .seconds(900),
    _ change: @escaping @Sendable (Fleet) async -> Void = { _ in },
    _ answer: @escaping @Sendable (FakeSystemsManager.Command, Int) -> FakeSystemsManager.Answer = { _, _ in
      .init(stdout: "done")
    }
  ) async throws -> Seen {
    try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(count, clock, answering: answer)
        _ = await fleet.sendToEach(fleet.instances)
        try await clock.clock.sleep(.seconds(60))
        await change(fleet)
        let standings = await fleet.runCommand.standings(
          of: fleet.sent, since: fleet.start, execution: fleet.mark, latest: Deadline(Instant(latest)))
        return Seen(
          standings: standings, lists: fleet.count(of: "ListCommandInvocations"),
          looks: fleet.count(of: "GetCommandInvocation"), elapsed: clock.elapsed)
      }
    }.get()
  }

  /// Twenty questions for a thousand.
  @Test func manyAreReadFromTheList() async throws {
    let seen = try await look(at: 1000)
    #expect(seen.results.count == 1000 && seen.results.allSatisfy { $0.status == .success && $0.isWhole })
    #expect(Set(seen.results.map(\.stdout)) == ["done"])
    #expect(seen.lists == 20 && seen.looks == 0)
  }

  @Test func aFewAreLookedAtByTheirIDs() async throws {
    let seen = try await look(at: 10)
    #expect(seen.results.count == 10 && seen.lists == 0 && seen.looks == 10)
  }

  @Test func whoRunsIsTold() async throws {
    let seen = try await look(at: 60, { $0.systems.keepBusy(["us-east-1-1", "us-east-1-2"]) })
    #expect(seen.running == 2 && seen.results.count == 58)
  }

  /// Strangers before ours are passed over; once all of ours are seen, nobody asks for more.
  @Test func strangersAreNoMatter() async throws {
    let seen = try await look(at: 60, { $0.systems.addStrangers(5000, in: .virginia) })
    #expect(seen.results.count == 60 && seen.lists == 102)
  }

  /// What the list does not show yet is running as far as anybody knows, and the first ten of them are asked for by id.
  @Test func aListThatLagsBehind() async throws {
    let seen = try await look(at: 100, { $0.systems.lag(.seconds(3600)) })
    #expect(seen.running == 90 && seen.results.count == 10 && seen.looks == 10)
    #expect(seen.errors.isEmpty)
  }

  /// Of a command for fifty each instance has a standing of its own.
  @Test func oneCommandOfMany() async throws {
    let standings = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(
          50, clock,
          answering: { command, _ in
            .init(status: command.instance.hasSuffix("7") ? "Failed" : "Success", stdout: command.instance)
          })
        _ = try await fleet.runCommand.send(fleet.request(fleet.instances), latest: .never)
        return await fleet.runCommand.standings(
          of: fleet.sent, since: fleet.start, execution: fleet.mark, latest: .never)
      }
    }.get()
    let failed = standings.values.count {
      if case .ended(let result) = $0 {
        result.status == .failed && result.stdout.hasSuffix("7")
      } else {
        false
      }
    }
    #expect(standings.count == 50 && failed == 5)
  }

  // MARK: What the list tells of an output

  @Test(arguments: [
    ("out", "", true), ("out", "err", true), ("", "err", true), ("", "", false),
    (String(repeating: "x", count: 1900), "", true), (String(repeating: "x", count: 2400), "", false),
    (String(repeating: "x", count: 5000), "", false), ("out", String(repeating: "x", count: 5000), false),
    (String(repeating: "ä", count: 1100), "", false),
  ])
  func anOutputIsWholeOrIsSaidNotToBe(stdout: String, stderr: String, isWhole: Bool) async throws {
    let seen = try await look(at: 11, { _ in }) { _, _ in .init(stdout: stdout, stderr: stderr) }
    #expect(seen.results.count == 11 && seen.results.allSatisfy { $0.isWhole == isWhole })
    if isWhole { #expect(seen.results.allSatisfy { $0.stdout == stdout && $0.stderr == stderr }) }
  }

  @Test func theRestIsAskedFor() async throws {
    let long = String(repeating: "x", count: 20_000)
    let output = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(1, clock, answering: { _, _ in .init(stdout: long) })
        _ = await fleet.sendToEach(fleet.instances)
        return try await fleet.runCommand.output(of: fleet.sent[0], execution: fleet.mark, latest: .never)
      }
    }.get()
    #expect(output?.stdout == long && output?.isWhole == true)
  }

  // MARK: What the service would not say

  /// Throttled at every second call, and with nothing left at first: patience brings all of them.
  @Test func aThrottledListIsReadToItsEnd() async throws {
    let seen = try await look(
      at: 500, { $0.systems.limit("ListCommandInvocations", rate: 1, burst: 1) })
    #expect(seen.results.count == 500 && seen.errors.isEmpty)
  }

  /// What nobody has said is unknown, not failed, and the time that there was was used.
  @Test func atTheDeadlineItIsUnknown() async throws {
    let seen = try await look(
      at: 500, latest: .seconds(100),
      { $0.systems.limit("ListCommandInvocations", rate: 0, burst: 0) })
    #expect(seen.errors.count == 500 && seen.errors.allSatisfy { $0.isPassing })
    #expect(seen.results.isEmpty && seen.elapsed <= .seconds(100) && seen.elapsed > .seconds(70))
  }

  @Test func halfOfAListIsBetterThanNone() async throws {
    let seen = try await look(
      at: 500, latest: .seconds(75),
      { $0.systems.limit("ListCommandInvocations", rate: 0, burst: 5) })
    #expect(seen.results.count == 250 && seen.errors.count == 250)
  }

  // MARK: Without the list

  static let refusals: [HTTPResponse] = [
    .error("UnknownOperationException"), .error("UnknownOperationException", status: 404),
    .error("InvalidAction"), .error("AccessDeniedException"),
    HTTPResponse(status: 404, body: Array("<html>not found</html>".utf8)),
    HTTPResponse(status: 501, body: Array("moto".utf8)),
  ]

  /// Nothing is lost but time: each is looked at by its id, and the list is not tried again.
  @Test(arguments: 0..<6)
  func aServiceWithoutTheList(number: Int) async throws {
    let (first, second, lists, history) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(60, clock)
        fleet.systems.remove("ListCommandInvocations", saying: Self.refusals[number])
        _ = await fleet.sendToEach(fleet.instances)
        func ended() async -> Int {
          await fleet.runCommand.standings(
            of: fleet.sent, since: fleet.start, execution: fleet.mark, latest: .never
          ).values.count { if case .ended = $0 { true } else { false } }
        }
        let (first, second) = (await ended(), await ended())
        let history = try await fleet.runCommand.history(
          of: fleet.mark, since: fleet.start, in: .virginia, latest: .never)
        return (first, second, fleet.count(of: "ListCommandInvocations"), history.count)
      }
    }.get()
    #expect(first == 60 && second == 60 && history == 60)
    #expect(lists == 1)
  }

  // MARK: What an execution has sent

  /// One question finds what was sent, for what, and how it stands; other people's and other executions' are not in it.
  @Test(arguments: [true, false])
  func anExecutionsCommands(hasList: Bool) async throws {
    let (found, marks, calls) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(53, clock)
        if !hasList { fleet.systems.remove("ListCommandInvocations") }
        fleet.systems.addStrangers(120, in: .virginia)
        let (fifty, rest) = (Array(fleet.instances.prefix(50)), fleet.instances.suffix(3))
        _ = try await fleet.runCommand.send(fleet.request(fifty, purpose: "many"), latest: .never)
        _ = await fleet.sendToEach(Array(rest))
        var other = fleet.request(Array(rest.prefix(1)))
        other.mark = CommandMark(execution: "arn:other", purpose: ["x"], content: "", instances: [])
        _ = try await fleet.runCommand.send(other, latest: .never)
        fleet.systems.keepBusy(["us-east-1-52"])
        let before = fleet.service.calls.count
        let found = try await fleet.runCommand.history(
          of: fleet.mark, since: fleet.start, in: .virginia, latest: .never)
        return (found, fleet.request(fifty, purpose: "many").mark?.text, fleet.service.calls.count - before)
      }
    }.get()
    #expect(found.count == 53 && Set(found.map(\.command)).count == 53)
    #expect(found.count { $0.mark == marks } == 50)
    #expect(found.count { $0.standing == .running } == 1)
    // 174 entries by the list; 125 commands, and a look at each of 53, without it.
    #expect(calls == (hasList ? 4 : 1 + 3 + 53))
  }

  /// A clock that is ahead by minutes does not hide what was sent just now.
  @Test func theClocksMayDiffer() async throws {
    let found = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(1, clock)
        _ = await fleet.sendToEach(fleet.instances)
        return try await fleet.runCommand.history(
          of: fleet.mark, since: fleet.start + .seconds(240), in: .virginia, latest: .never)
      }
    }.get()
    #expect(found.count == 1)
  }

  @Test func aHistoryThatCantBeReadIsNoEmptyOne() async throws {
    let result = await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(60, clock)
        _ = await fleet.sendToEach(fleet.instances)
        fleet.systems.limit("ListCommandInvocations", rate: 0, burst: 1)
        return try await fleet.runCommand.history(
          of: fleet.mark, since: fleet.start, in: .virginia, latest: Deadline(Instant(.seconds(30))))
      }
    }
    #expect(throws: AWSError.self) { try result.get() }
  }
}
