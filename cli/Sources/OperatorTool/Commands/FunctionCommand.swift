import AWSClient
import ArgumentParser
import Foundation
import Groundwork
import Orchestration

/// `sdwan function`: functions of AWS Lambda.
struct FunctionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "function", abstract: "Functions of AWS Lambda, whoever's they are (docs/orchestration.md).",
    subcommands: [FunctionDeploy.self, FunctionInvoke.self, FunctionList.self, FunctionDelete.self])
}

/// Makes or changes a function.
struct FunctionDeploy: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Makes a function of a zip, or makes the one of that name like this.")

  @Argument(help: "The function's name.")
  var function: String

  @Option(help: "The package, as scripts/package writes it.")
  var zip: String

  @Option(help: "The ARN of the role that it acts as.")
  var role: String

  @Option(help: "What its bootstrap is told, e.g. to choose among the functions of one zip.")
  var handler = "bootstrap"

  @Option(help: "x86_64 or arm64.")
  var architecture = "x86_64"

  @Option(help: "In MB.")
  var memory = 128

  @Option(help: "Seconds that an invocation may take.")
  var seconds = 60

  @Option(help: "NAME=VALUE: a variable of its environment; may be given again.")
  var variable: [String] = []

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let wrong = variable.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
      throw ValidationError("--variable is NAME=VALUE, not \"\(wrong)\"")
    }
  }

  /// docs/schema/orchestration/function-deploy.json.
  private struct Page: Encodable { var arn: String, version: String, isNew: Bool }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    guard let bytes = FileManager.default.contents(atPath: zip) else { throw .use("\(zip) can't be read") }
    let pairs = variable.map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    let specification = FunctionSpecification(
      name: function, role: role, zip: Array(bytes), handler: handler, architecture: architecture,
      timeout: seconds, memory: memory,
      environment: Dictionary(pairs.map { ($0[0], $0[1]) }) { _, last in last })
    let deployed: DeployedFunction
    do throws(DeploymentFailure) {
      deployed = try await tool.functions.deploy(
        specification, limit: tool.global.timeout.map { .seconds($0) } ?? .seconds(300))
    } catch {
      throw .refused("\(error)")
    }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(arn: deployed.arn, version: deployed.version, isNew: deployed.isNew))
    } else {
      tool.screen.say("\(deployed.isNew ? "made" : "changed"): \(deployed.arn), version \(deployed.version)")
    }
    return .asWanted
  }
}

/// Calls a function.
struct FunctionInvoke: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoke", abstract: "Calls a function with the event on stdin, and prints its answer.",
    discussion: "A function that ends with an error has exit status 1; -v prints what it logged too.")

  @Argument(help: "The function's name or ARN.")
  var function: String

  @Flag(help: "Hand the event over and wait for no answer.")
  var event = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let payload = tool.screen.console.input()
    if event {
      try await asked { () async throws(FailedCall) in
        try await tool.functions.enqueue(function, event: payload)
      }
      tool.tell("handed over", count: 1)
      return .asWanted
    }
    let begun = tool.clock.wall()
    do throws(InvocationFailure) {
      let answer = try await tool.functions.invoke(function, event: payload)
      tool.screen.console.write(String(decoding: answer.payload, as: UTF8.self) + "\n")
      if global.verbose, let id = answer.requestID {
        try? await tellLog(of: id, since: begun, tool)
      }
      return .asWanted
    } catch {
      switch error {
      case .call(let call): throw ToolError(call)
      case .function(let failure):
        tool.screen.console.complain("sdwan: \(function): \(failure.type): \(failure.message)")
        if global.verbose, let log = failure.log { tool.screen.console.complain(log) }
        return .unwell
      }
    }
  }

  private func tellLog(of id: String, since begun: UnixTime, _ tool: Tool) async throws(FailedCall) {
    let group = "/aws/lambda/\(function.split(separator: ":").last.map(String.init) ?? function)"
    for line in try await tool.logs.lines(ofInvocation: id, in: group, from: begun - .seconds(60)) {
      tool.screen.console.complain(line.message)
    }
  }
}

/// Lists functions.
struct FunctionList: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The functions of the region.")

  @OptionGroup var global: GlobalOptions

  /// docs/schema/orchestration/name.json, a line each.
  private struct Line: Encodable { var name: String }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let names = try await asked { () async throws(FailedCall) in try await tool.functions.list() }
    for name in names {
      if tool.screen.isJSON { tool.screen.say(json: Line(name: name)) } else { tool.screen.say(name) }
    }
    return .asWanted
  }
}

/// Deletes a function.
struct FunctionDelete: OperatorCommand {
  static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes a function.")

  @Argument(help: "The function's name.")
  var function: String

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try tool.confirm("delete the function \(function) in \(tool.region)?", yes)
    try await asked { () async throws(FailedCall) in try await tool.functions.delete(function) }
    tool.tell("deleted", count: 1)
    return .asWanted
  }
}
