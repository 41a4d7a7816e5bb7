import ArgumentParser
import AWSClient
import Groundwork
import SDWAN
import SSMKit

/// Asks a router something.
struct Exec: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an operational command in a router, e.g. sdwan exec nv-sdwan -- show vpn ike sa.")

  @Argument(help: "The router.")
  var router: String

  @Argument(parsing: .postTerminator, help: "The command's words.")
  var words: [String]

  @Flag(help: "Also words that change something.")
  var write = false

  @OptionGroup var global: GlobalOptions

  /// What only asks.
  private static let readOnly: Set = ["show", "ping", "traceroute", "monitor"]

  func validate() throws {
    guard let first = words.first else { throw ValidationError("the command is missing; write it behind --") }
    guard write || Self.readOnly.contains(first) else {
      throw ValidationError(
        "\"\(first)\" may change something; \(Self.readOnly.sorted().joined(separator: ", ")) only ask. --write lets it"
      )
    }
    if let strange = words.first(where: { !Self.isPlain($0) }) {
      throw ValidationError("\"\(strange)\" is no word of a router's command")
    }
  }

  /// Nothing that a shell would read as its own.
  private static func isPlain(_ word: String) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
          UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: "@"), UInt8(ascii: "+"):
          true
        default: false
        }
      }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let network = try await NetworkConfiguration(tool)
    let found = try network.router(router)
    let instance = try await asked { () throws(FailedCall) in try await network.instance(of: found, tool) }
    guard let instance else {
      throw .refused(
        "the parameter \(network.prefix)\(found.name)/instance-id in \(found.region) names no instance; terraform apply sets it"
      )
    }
    let script = """
      #!/bin/bash
      PATH=$PATH:/snap/bin
      lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper \(words.joined(separator: " "))
      """
    let end = try await RemoteCommand(tool).run(script, on: instance, in: found.region, "exec \(found.name)")
    show(end, tool)
    return end.status == .success ? .asWanted : end.status == .timedOut ? .timedOut : .unwell
  }

  private func show(_ end: CommandResult, _ tool: Tool) {
    if tool.screen.isJSON {
      tool.screen.say(
        json: Page(router: router, status: end.status.rawValue, stdout: end.stdout, stderr: end.stderr))
      return
    }
    let isWhole = end.stdout.hasSuffix("\n") || end.stdout.isEmpty
    // As the router printed it, whatever its width.
    tool.screen.console.write(end.stdout + (isWhole ? "" : "\n"))
    if !end.stderr.isEmpty { tool.screen.console.complain(end.stderr) }
  }

  /// docs/schema/exec.json.
  private struct Page: Encodable {
    var router: String
    var status: String
    var stdout: String
    var stderr: String
  }
}
