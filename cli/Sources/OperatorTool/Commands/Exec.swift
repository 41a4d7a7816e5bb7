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
    let instance = try await instance(of: found, network, tool)
    let script = """
      #!/bin/bash
      PATH=$PATH:/snap/bin
      lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper \(words.joined(separator: " "))
      """
    let end = try await RemoteCommand(tool).run(script, on: instance, in: found.region, "exec \(found.name)")
    print(end.stdout, terminator: end.stdout.hasSuffix("\n") || end.stdout.isEmpty ? "" : "\n")
    if !end.stderr.isEmpty { Terminal.complain(end.stderr) }
    return end.status == .success ? .asWanted : end.status == .timedOut ? .timedOut : .unwell
  }

  private func instance(
    of router: Router, _ network: NetworkConfiguration, _ tool: Tool
  ) async throws(ToolError) -> InstanceID {
    let path = "\(network.prefix)\(router.name)"
    let text: String?
    do throws(AWSError) {
      text = try await tool.parameters.read(
        below: path, in: router.region, latest: .never, into: nil as String?
      ) {
        if $1.name == "\(path)/instance-id" { $0 = $1.value }
      }
    } catch {
      throw ToolError(FailedCall(error))
    }
    guard let text, let id = InstanceID(text) else {
      throw .refused(
        "the parameter \(path)/instance-id in \(router.region) names no instance; terraform apply sets it")
    }
    return id
  }
}
