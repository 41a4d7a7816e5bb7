import AWSClient
import FleetKit
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import Testing

@testable import DisasterRecovery

/// What needs no service: the rest is tried with the real zip (Tests/Integration/test_recovery.py).
@Suite struct RecoveryTests {
  private func wave(_ count: Int, most: Int = 200) -> Wave {
    Wave(
      servers: (0..<count).map { "s-\($0)" }, type: .drill, force: false, execution: "arn:one",
      started: VirtualClock.start, most: most, mayHaveBegun: false, isOver: false)
  }

  private func job(_ servers: [(String, String)], status: String = "COMPLETED") throws -> RecoveryJob {
    let parts = servers.map { #"{"sourceServerID": "\#($0.0)", "launchStatus": "\#($0.1)"}"# }
    let text =
      #"{"jobID": "drsjob-1", "status": "\#(status)", "participatingServers": [\#(parts.joined(separator: ","))]}"#
    return try JSONDecoder().decode(RecoveryJob.self, from: Data(text.utf8))
  }

  private func events(_ lines: [String]) throws -> [RecoveryJobEvent] {
    try JSONDecoder().decode([RecoveryJobEvent].self, from: Data("[\(lines.joined(separator: ","))]".utf8))
  }

  @Test func batchesKeepTheOrder() {
    #expect(wave(250).batches.map(\.count) == [100, 100, 50])
    #expect(wave(250).batches.flatMap(\.self) == wave(250).servers)
    #expect(wave(5, most: 2).batches.map(\.count) == [2, 2, 1])
  }

  /// Any number of servers, any limit: each is in one batch, and no batch is larger than it may be.
  @Test func batchesOfAnySize() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let one = wave(.random(in: 1...500, using: &random), most: .random(in: 1...500, using: &random))
      #expect(one.batches.flatMap(\.self) == one.servers)
      #expect(one.batches.allSatisfy { $0.count <= min(Wave.mostOfJob, one.most) && !$0.isEmpty })
    }
  }

  @Test(arguments: [
    ("drill", ExecutionType.drill), ("DRILL", .drill), ("Recovery", .recovery), ("rEcOvErY", .recovery),
  ])
  func typesInAnyCase(word: String, type: ExecutionType) {
    #expect(ExecutionType(word: word) == type)
  }

  /// A letter more, less or other is none of both.
  @Test func noTypingErrorIsAType() {
    for type in ExecutionType.allCases {
      let word = Array(type.rawValue)
      for place in word.indices {
        var less = word
        less.remove(at: place)
        #expect(ExecutionType(word: String(less)) == nil)
        for letter in "abcdefghijklmnopqrstuvwxyz ı" {
          var other = word
          other[place] = letter
          #expect(other == word || ExecutionType(word: String(other)) == nil)
          other = word
          other.insert(letter, at: place)
          #expect(ExecutionType(word: String(other)) == nil)
        }
      }
    }
  }

  /// Whatever a job and its log say: launched is who is LAUNCHED in it, and nobody else.
  @Test func launchedIsWhoIsLaunched() throws {
    for status in ["PENDING", "IN_PROGRESS", "LAUNCHED", "FAILED", "TERMINATED", "NEW_WORD"] {
      for event in ["JOB_END", "SNAPSHOT_FAIL", "CONVERSION_FAIL", "LAUNCH_FAILED", "SERVER_SKIPPED"] {
        for isLate in [false, true] {
          let log = try events([#"{"event": "\#(event)", "eventData": {"sourceServerID": "s-1"}}"#])
          let verdict = JobVerdict(
            job: try job([("s-1", status)]), log: log, instances: [:], isLate: isLate)
          let isLaunched = verdict.result(of: "s-1")?.status == .success
          #expect(isLaunched == (status == "LAUNCHED"), "\(status) \(event) \(isLate)")
          #expect(verdict.result(of: "s-2")?.status == .failed)
          if isLate { #expect(verdict.result(of: "s-1") != nil) }
        }
      }
    }
  }

  /// A failure that the service goes on after is not the end, in whichever order its log comes.
  @Test func aFailureThatWasNotTheLastWord() throws {
    let lines = [("SNAPSHOT_FAIL", 1), ("USING_PREVIOUS_SNAPSHOT", 2), ("CONVERSION_START", 3)].map {
      #"{"event": "\#($0)", "logDateTime": "2026-01-01T00:00:0\#($1)Z", "eventData": {"sourceServerID": "s-1"}}"#
    }
    func result(_ lines: [String], _ status: String, isLate: Bool) throws -> ServerResult? {
      let job = try job([("s-1", status)])
      return JobVerdict(job: job, log: try events(lines), instances: [:], isLate: isLate).result(of: "s-1")
    }
    for log in [lines, lines.reversed()] {
      #expect(try result(log, "IN_PROGRESS", isLate: false) == nil)
      #expect(try result(log, "IN_PROGRESS", isLate: true)?.stderr.hasPrefix("no result") == true)
      #expect(try result(log, "FAILED", isLate: false)?.stderr.contains("SNAPSHOT_FAIL") == true)
    }
    #expect(try result([lines[0]], "IN_PROGRESS", isLate: false)?.status == .failed)
  }

  /// A job that a step only speaks of is not the step's.
  @Test func jobsThatAStepHasStarted() {
    let (own, other) = ("drsjob-0123456789abcdefX", "drsjob-0123456789abcdefY")
    func told(_ payload: String) -> [String] { StartedJobs.told(by: #"{"Payload": \#(payload)}"#) }
    #expect(
      told(#"{"done": false, "state": {"own": {"jobs": ["\#(own)"], "open": {}, "looks": 1}}}"#) == [own])
    #expect(told(#"{"done": true, "refs": ["\#(own)"], "summary": "the job \#(other) has s-1"}"#) == [own])
    #expect(
      told(
        #"{"done": false, "state": {"own": {"jobs": [], "open": {}, "looks": 0, "refusal": "\#(other)"}}}"#)
        == [])
    // A command's state has another shape, and what is no id is none.
    #expect(
      told(
        #"{"state": {"own": "w", "items": "\#(own)"}, "refs": ["drsjob-short", "drsjob-0123456789abcde-X"]}"#)
        == [])
    for text in ["", "null", "[]", #"{"Payload": "\#(own)"}"#, own] {
      #expect(StartedJobs.told(by: text) == [])
    }
  }

  @Test(arguments: [(250, 500, 3), (250, 200, 2), (21, 1, 1), (500, 500, 5), (1, 50, 1), (150, 99, 1)])
  func jobsThatRunAtTheSameTime(count: Int, most: Int, jobs: Int) {
    #expect(wave(count, most: most).jobsAtOnce == jobs)
  }

  @Test func pagesOfAService() async throws {
    let asked = FakeService { call, number in
      let next = number < 3 ? #", "nextToken": "t\#(number)""# : ""
      return .json(#"{"items": [{"sourceServerID": "s-\#(number)", "tags": {"a": "b"}}]\#(next)}"#)
    }
    let service = try RecoveryService(in: .virginia, asked.dependencies(VirtualClock().clock()))
    let servers = try await service.servers()
    #expect(servers.map(\.id) == ["s-1", "s-2", "s-3"] && servers[0].tags == ["a": "b"])
    #expect(asked.calls.map { $0.body["nextToken"] } == [nil, "t1", "t2"])
    #expect(asked.calls[0].request.url == "https://drs.us-east-1.amazonaws.com/DescribeSourceServers")
    _ = try await service.servers((0..<450).map { "s-\($0)" })
    #expect(asked.calls.count == 6)
  }

  /// What may have started a job is not sent again.
  @Test func aStartIsSentOnce() async throws {
    let asked = FakeService { _, _ throws(HTTPError) in
      throw HTTPError(.timeout, message: "lost", mayHaveArrived: true)
    }
    let service = try RecoveryService(in: .virginia, asked.dependencies(VirtualClock().clock()))
    let failure = await #expect(throws: FailedCall.self) {
      _ = try await service.start(["s-1"], isDrill: true)
    }
    #expect(failure?.mayHaveHappened == true && asked.calls.count == 1)
  }
}
