import AWSClient
import ArgumentParser
import Foundation
import Groundwork
import Orchestration

/// What executions cost.
struct CostCommand: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "What executions cost at list prices: the functions' billed time, and state transitions.",
    discussion: """
      The functions' own reports between an execution's start and its end are added up: what was called by hand meanwhile, by \
      sdwan verify for example, is among them. Prices are of \(ListPrices.region), \(ListPrices.date); the hosts and their \
      traffic are not in it.
      """)

  @Option(help: "How many executions, the newest first.")
  var last = 5

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !(1...1000).contains(last) { throw ValidationError("--last is a number from 1 to 1000, not \(last)") }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await Machine(tool)
    let architectures = try await Self.architectures(of: machine, tool)
    var costs: [ExecutionCost] = []
    for execution in try await tool.executions(of: machine.arn, limit: last) {
      costs.append(try await Self.cost(of: execution, architectures, tool))
    }
    guard !costs.isEmpty else { throw .use("\(machine.name) has never been executed; sdwan up does") }
    show(costs, tool)
    return .asWanted
  }

  /// By function; what it runs on decides its price.
  static func architectures(of machine: Machine, _ tool: Tool) async throws(ToolError) -> [String: String] {
    var architectures: [String: String] = [:]
    for name in machine.functions {
      architectures[name] = try await asked { () throws(FailedCall) in
        try await tool.functions.describe(name)
      }.architecture
    }
    return architectures
  }

  /// What an execution's functions report, and its history.
  static func cost(
    of execution: Execution, _ functions: [String: String], _ tool: Tool
  ) async throws(ToolError) -> ExecutionCost {
    var cost = ExecutionCost(execution)
    cost.transitions = try await RunResults(execution, tool).facts.transitions
    // The last report is written when the answer has been given.
    let end = (execution.stopped ?? tool.clock.wall()) + .seconds(5)
    for (function, architecture) in functions.sorted(by: { $0.key < $1.key }) {
      do throws(FailedCall) {
        for pattern in BilledInvocation.patterns {
          try await tool.logs.events(
            in: "/aws/lambda/\(function)", matching: pattern, from: execution.started, to: end
          ) { page in
            page.forEach { if let report = BilledInvocation($0.message) { cost.add(report, architecture) } }
            return true
          }
        }
      } catch {
        // A function that was never called has written nothing.
        if error.error.code != "ResourceNotFoundException" { throw ToolError(error) }
      }
    }
    return cost
  }

  private func show(_ costs: [ExecutionCost], _ tool: Tool) {
    if tool.screen.isJSON {
      tool.screen.say(json: Page(prices: .init(), executions: costs))
      return
    }
    var table = Table("EXECUTION", "STATUS", "CALLS", "GB-SECONDS", "MEMORY", "TRANSITIONS", "USD")
    for cost in costs {
      table.add(
        .init(String(cost.name.prefix(8))), .init(cost.status), .init("\(cost.invocations)", isRight: true),
        .init(String(format: "%.2f", cost.gbSeconds), isRight: true),
        .init("\(cost.maxMemoryMb) MB", isRight: true), .init("\(cost.transitions)", isRight: true),
        .init(String(format: "%.5f", cost.usd), isRight: true))
    }
    if !tool.screen.isQuiet { table.lines(on: tool.screen).forEach(tool.screen.say) }
    let sum = costs.reduce(0) { $0 + $1.usd }
    tool.screen.say(
      "\(costs.count) executions: \(String(format: "%.5f", sum)) USD at list prices of \(ListPrices.region), \(ListPrices.date)."
    )
  }

  /// docs/schema/cost.json.
  private struct Page: Encodable {
    struct Prices: Encodable {
      var date = ListPrices.date
      var region = ListPrices.region
    }

    var prices: Prices
    var executions: [ExecutionCost]
  }
}

/// What an execution took.
struct ExecutionCost: Encodable, Sendable {
  var name: String
  var status: String
  /// Of the functions.
  var invocations = 0
  var gbSeconds = 0.0
  /// The most that a function had in use.
  var maxMemoryMb = 0
  var transitions = 0 {
    didSet { usd += Double(transitions - oldValue) * ListPrices.transition }
  }
  private(set) var usd = 0.0

  init(_ execution: Execution) {
    name = execution.name
    status = execution.status.rawValue
  }

  mutating func add(_ report: BilledInvocation, _ architecture: String) {
    invocations += 1
    gbSeconds += report.gigabyteSeconds
    maxMemoryMb = max(maxMemoryMb, report.used)
    usd += report.gigabyteSeconds * ListPrices.gigabyteSecond(architecture) + ListPrices.invocation
  }
}
