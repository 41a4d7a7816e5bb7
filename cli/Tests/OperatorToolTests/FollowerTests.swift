import ArgumentParser
import Foundation
import Groundwork
import Testing

@testable import OperatorTool

@Suite struct FollowerTests {
  private typealias Moment = FakeDeployment.Moment

  private static let begin: [Moment] = [
    .told("execution started", at: 0, #""waves": ["canary", "others"]"#),
    .told("wave started", at: 0, #""wave": "canary""#),
    .told("step started", at: 0, #""wave": "canary", "step": "phase3", "instances": 1"#),
    .answered(
      #"{"phase": "phase3", "done": true, "success_count": 1, "fail_count": 0, "results": {"nv-sdwan": {"status": "Success"}}}"#,
      at: 10),
    .told(
      "step completed", at: 10,
      #""wave": "canary", "step": "phase3", "success_count": 1, "fail_count": 0, "failed": []"#),
    .told("wave completed", at: 10, #""wave": "canary", "reason": """#),
  ]
  private static let wish = Moment.told(
    "approval wanted", at: 12, #""wave": "others", "task_token": "t1", "instances": 3"#, waits: true)

  private func follow(
    _ deployment: FakeDeployment, _ arguments: [String] = [], options: [String] = [], answer: String? = nil,
    size: (columns: Int, rows: Int)? = nil
  ) async throws -> Outcome {
    let tool = try deployment.tool(arguments, answer: answer, size: size)
    return try await tool.follow(
      "arn:aws:states:us-east-1:1:execution:sdwan:9f3a21bc-1", try ApprovalOptions.parse(options))
  }

  @Test func linesToTheEnd() async throws {
    let deployment = FakeDeployment(Self.begin, end: 30, status: "SUCCEEDED")
    #expect(try await follow(deployment) == .asWanted)
    #expect(
      deployment.printed == """
        0 s  canary phase3 began (1)
        10 s  canary phase3 1/1 done after 10 s
        10 s  wave canary COMPLETED
        sdwan  us-east-1   last run 9f3a21bc SUCCEEDED, 0 s ago
        WAVE    STATUS     STEP        WHY
        canary  COMPLETED  phase3 1/1
        others  PENDING    -
        ROUTER    TUNNELS  BGP  IFACE  LOSS  CHECKED  STATE
        nv-sdwan        -    -  -         -     20 s  ok
        1 of 1 routers healthy.

        """)
  }

  /// Nobody can be asked: it waits, and says once how to approve.
  @Test func waitsWhereNobodyCanBeAsked() async throws {
    let deployment = FakeDeployment(Self.begin + [Self.wish], end: 300, status: "FAILED")
    #expect(try await follow(deployment) == .unwell)
    #expect(
      deployment.printed.components(separatedBy: "waits for an approval: sdwan approve others\n").count == 2)
    #expect(deployment.state.withLock { $0.tokens }.isEmpty)
  }

  @Test(arguments: [
    (["--approve", "yes"], "n", ["SendTaskSuccess t1"]), (["--approve", "no"], "y", ["SendTaskFailure t1"]),
    (["--approve", "ask"], "y", ["SendTaskSuccess t1"]), ([], "n", ["SendTaskFailure t1"]), ([], "", []),
  ])
  func answers(options: [String], answer: String, sent: [String]) async throws {
    let deployment = FakeDeployment(Self.begin + [Self.wish], end: 100, status: "SUCCEEDED")
    #expect(try await follow(deployment, options: options, answer: answer) == .asWanted)
    #expect(deployment.state.withLock { $0.tokens } == sent)
    let wasAsked = !options.contains("yes") && !options.contains("no")
    #expect(
      deployment.state.withLock { $0.questions.count } == (wasAsked ? 1 : 0), "a wave is asked for once")
  }

  @Test func doesNotWait() async throws {
    let deployment = FakeDeployment(Self.begin + [Self.wish])
    #expect(try await follow(deployment, options: ["--no-wait"]) == .waits)
    #expect(deployment.complaints.contains("sdwan approve others"))
    #expect(Outcome.waits.status == 4)
  }

  @Test func givesUpInTime() async throws {
    let deployment = FakeDeployment(Self.begin)
    #expect(try await follow(deployment, ["--timeout", "60"]) == .timedOut)
    #expect(deployment.clock.elapsed < .seconds(70))
    #expect(
      deployment.complaints
        == "sdwan: gave up waiting (--timeout); the execution goes on: sdwan watch 9f3a21bc\n")
  }

  /// What can't be asked now says nothing of the execution.
  @Test func anOutageIsNoFailure() async throws {
    let deployment = FakeDeployment(Self.begin, end: 200, status: "SUCCEEDED")
    deployment.state.withLock { $0.lost["DescribeExecution"] = 9 }
    #expect(try await follow(deployment) == .asWanted)
    #expect(deployment.complaints.contains("asked again"))
  }

  /// Each line of the JSON is an object of its own with a schema.
  @Test func linesOfJSON() async throws {
    let deployment = FakeDeployment(Self.begin + [Self.wish], end: 50, status: "SUCCEEDED")
    #expect(try await follow(deployment, ["--output", "json"], options: ["--approve", "yes"]) == .asWanted)
    let lines = deployment.printed.split(separator: "\n")
    let events = try lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["schema"] as? Int == 1)
      return object["event"] as? String
    }
    #expect(events == ["wave_began", "stage_began", "stage_ended", "wave_ended", "approval_wanted", nil])
  }

  /// A picture that is drawn over: never more lines than the terminal has, never a wider one, and at the end it is gone.
  @Test(arguments: [(80, 24), (40, 6), (200, 50), (20, 3)])
  func fitsTheTerminal(columns: Int, rows: Int) async throws {
    let deployment = FakeDeployment(Self.begin + [Self.wish], end: 60, status: "SUCCEEDED")
    #expect(try await follow(deployment, options: ["--approve", "yes"], size: (columns, rows)) == .asWanted)
    var terminal = PaintedTerminal(columns: columns)
    terminal.write(deployment.printed)
    #expect(terminal.tallest <= rows && !terminal.wasTooWide)
    #expect(terminal.lines.contains { $0.hasPrefix("1 of 1 routers") })
    #expect(!terminal.lines.contains { $0.contains("Ctrl-C") }, "what was drawn has made way for the summary")
  }

  @Test func drawsOnlyWhatChanges() {
    let written = FakeDeployment()
    var view = LiveView(
      Console(
        write: { text in written.state.withLock { $0.printed += text } }, size: { (80, 24) },
        complain: { _ in }))
    view.draw(["one", "two"])
    let first = written.printed
    view.draw(["one", "two"])
    #expect(written.printed == first, "what is the same is not written again")
    view.draw(["one", "TWO"])
    #expect(!written.printed.dropFirst(first.count).contains("one"))
  }
}

/// A terminal as far as the tool uses one: lines, up, clear.
struct PaintedTerminal {
  let columns: Int
  private(set) var lines: [String] = [""]
  private var row = 0
  /// Rows that were ever drawn over.
  private(set) var tallest = 0
  private(set) var wasTooWide = false

  init(columns: Int) { self.columns = columns }

  mutating func write(_ text: String) {
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\n":
        row += 1
        if row == lines.count { lines.append("") }
      case "\r": break
      case "\u{1B}":
        _ = rest.popFirst()
        let parameter = rest.prefix { $0.isNumber || $0 == ";" }
        rest = rest.dropFirst(parameter.count)
        switch rest.popFirst() {
        case "A":
          row -= Int(parameter) ?? 1
          tallest = max(tallest, lines.count - row)
        case "J": lines = Array(lines.prefix(row)) + [""]
        case "K": lines[row] = ""
        default: break
        }
      case "\r\n": break
      default:
        lines[row].append(character)
        if lines[row].count > columns { wasTooWide = true }
      }
    }
  }
}
