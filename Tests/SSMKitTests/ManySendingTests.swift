import AWSClient
import FleetTesting
import Groundwork
import Testing

@testable import SSMKit

/// Many commands: the sender learns the service's rate, sends each once, and gives up at its deadline and not before.
@Suite struct ManySendingTests {
  /// How a fleet was sent to.
  private struct End: Sendable {
    var refusals: [CommandRefusal]
    var commands: [FakeSystemsManager.Command]
    var calls: Int
    var elapsed: Duration
  }

  private func send(
    to count: Int, rate: Double, burst: Int, within time: Duration = .seconds(900)
  ) async throws -> End {
    let simulated = await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(count, clock)
        fleet.systems.limit("SendCommand", rate: rate, burst: burst)
        let outcomes = await fleet.sendToEach(fleet.instances, latest: Deadline(Instant(time)))
        return End(
          refusals: outcomes.values.compactMap(\.refusal), commands: fleet.systems.commands,
          calls: fleet.count(of: "SendCommand"), elapsed: clock.elapsed)
      }
    }
    return try simulated.get()
  }

  /// What the service lets through decides how long it takes, and few calls more than the commands are made.
  @Test(arguments: [(1000, 50.0, 50), (200, 20, 20), (40, 5, 5), (20, 0.5, 1)])
  func nobodyIsGivenUpWhileThereIsTime(count: Int, rate: Double, burst: Int) async throws {
    let end = try await send(to: count, rate: rate, burst: burst)
    #expect(end.refusals.isEmpty)
    #expect(Set(end.commands.map(\.instance)).count == count && end.commands.count == count)
    #expect(end.elapsed.inSeconds < 2.5 * Double(count - burst) / rate)
    #expect(end.calls < count + count / 5 + 64)
    print("\(count) at \(rate)/s: \(end.calls) calls, \(end.elapsed.inSeconds) s")
  }

  @Test func atTheDeadlineTheOthersWereNotSent() async throws {
    let end = try await send(to: 1000, rate: 5, burst: 5, within: .seconds(40))
    #expect(end.elapsed <= .seconds(40))
    #expect(end.commands.count > 100 && end.commands.count + end.refusals.count == 1000)
    #expect(end.refusals.allSatisfy { $0.isPassing && !$0.isUnknown && !$0.isForAnInstance })
    // Those too who only waited for others.
    #expect(end.refusals.allSatisfy { $0.isTimeout })
  }

  /// A region that is throttled holds no other up, and what it has taught holds for it alone.
  @Test func regionsAreApart() async throws {
    let ends = await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(300, in: [.virginia, .frankfurt], clock)
        fleet.systems.limit("SendCommand", rate: 2, burst: 2, in: .virginia)
        return await concurrently([Region.virginia, .frankfurt]) { region in
          let mine = fleet.instances[(region == .virginia ? 0..<300 : 300..<600)]
          let outcomes = await fleet.sendToEach(Array(mine), in: region)
          return (outcomes.values.compactMap(\.refusal).count, clock.elapsed)
        }
      }
    }
    let (refused, frankfurt) = try #require(try ends.get()[.frankfurt])
    let (alsoRefused, virginia) = try #require(try ends.get()[.virginia])
    #expect(refused == 0 && alsoRefused == 0)
    #expect(frankfurt < .seconds(1) && virginia > .seconds(100))
  }

  /// What one sender has learnt is known to all: of a second fleet hardly a call is throttled.
  @Test func whatWasLearntIsShared() async throws {
    let calls = await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(400, clock)
        fleet.systems.limit("SendCommand", rate: 10, burst: 10)
        _ = await fleet.sendToEach(Array(fleet.instances.prefix(200)))
        let before = fleet.count(of: "SendCommand")
        _ = await fleet.sendToEach(Array(fleet.instances.suffix(200)))
        return (fleet.systems.commands.count, fleet.count(of: "SendCommand") - before)
      }
    }
    let (commands, second) = try calls.get()
    #expect(commands == 400)
    #expect(second < 220)
  }

  // MARK: Fifty at once

  @Test func oneCallForFifty() async throws {
    let (commands, call, single) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(51, clock)
        let fifty = Array(fleet.instances.prefix(50))
        _ = try await fleet.runCommand.send(fleet.request(fifty), latest: .never)
        _ = try await fleet.runCommand.send(fleet.request([fleet.instances[50]]), latest: .never)
        return (fleet.systems.commands, fleet.service.calls[0].body, fleet.service.calls[1].body)
      }
    }.get()
    #expect(commands.count == 51 && Set(commands.prefix(50).map(\.id)).count == 1)
    // One that fails is no reason not to send to the next.
    #expect(call["MaxErrors"] == "100%" && call["MaxConcurrency"] == "50")
    #expect(single["MaxErrors"] == nil && single["MaxConcurrency"] == nil)
  }

  @Test(arguments: [0, 51])
  func moreOrLessThanACallTakes(count: Int) async throws {
    let (refusal, calls) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(51, clock)
        let refusal = await fleet.refusal(of: Array(fleet.instances.prefix(count)))
        return (refusal, fleet.service.calls.count)
      }
    }.get()
    #expect(refusal?.reason.contains("\(count) instances") == true && refusal?.isPassing == false)
    #expect(calls == 0)
  }

  @Test(arguments: [0.0, 4])
  func aLostAnswerIsFoundInTheHistory(lag: Double) async throws {
    let (found, commands, calls) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(50, clock)
        fleet.systems.lose(1, answersOf: "SendCommand")
        fleet.systems.lag(.seconds(lag))
        let found = try await fleet.runCommand.send(fleet.request(fleet.instances), latest: .never)
        return (found, fleet.systems.commands, fleet.count(of: "SendCommand"))
      }
    }.get()
    #expect(calls == 1 && commands.count == 50)
    #expect(Set(commands.map(\.id)) == [found])
  }

  /// A look that ends late has begun early, when the history did not show the command yet.
  @Test func aSlowHistoryIsLookedAtOnceMore() async throws {
    let (found, commands) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(
          1, clock, latency: { $0 == "ListCommands" ? .seconds(6) : .milliseconds(30) })
        fleet.systems.lose(1, answersOf: "SendCommand")
        fleet.systems.lag(.seconds(8))
        let found = try await fleet.runCommand.send(fleet.request(fleet.instances), latest: .never)
        return (found, fleet.systems.commands.map(\.id))
      }
    }.get()
    #expect(commands == [found])
  }

  /// The answer is lost, and the history is throttled for longer than it lags: nobody knows, so nothing is sent.
  @Test func aHistoryThatCantBeReadIsNoReasonToSendAgain() async throws {
    let (refusal, commands, elapsed) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(50, clock)
        fleet.systems.lose(1, answersOf: "SendCommand")
        fleet.systems.limit("ListCommands", rate: 0, burst: 0)
        let refusal = await fleet.refusal(of: fleet.instances, latest: Deadline(Instant(.seconds(60))))
        return (refusal, fleet.systems.commands.count, clock.elapsed)
      }
    }.get()
    #expect(refusal?.isUnknown == true && refusal?.isPassing == true)
    #expect(commands == 50 && elapsed <= .seconds(60))
  }

  /// The service says of all that one is away; who it is has to be found out otherwise.
  @Test func oneThatIsOfflineRefusesAll() async throws {
    let (refusal, commands) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(50, clock)
        fleet.systems.keepOffline(["us-east-1-17"])
        return (await fleet.refusal(of: fleet.instances), fleet.systems.commands.count)
      }
    }.get()
    #expect(refusal?.isForAnInstance == true && refusal?.isPassing == false && commands == 0)
  }
}

extension Fleet {
  /// Why a command for some is not sent; nil where it is.
  fileprivate func refusal(of instances: [InstanceID], latest: Deadline = .never) async -> CommandRefusal? {
    do throws(CommandRefusal) {
      _ = try await runCommand.send(request(instances), latest: latest)
      return nil
    } catch {
      return error
    }
  }
}

extension Result where Failure == CommandRefusal {
  fileprivate var refusal: CommandRefusal? {
    if case .failure(let refusal) = self { refusal } else { nil }
  }
}

extension Result where Failure == any Error {
  /// What an asynchronous function gave or threw.
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
