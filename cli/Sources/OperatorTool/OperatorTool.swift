import ArgumentParser
import Foundation
import Groundwork
import HTTPClient

/// The operator's tool.
public enum OperatorTool {
  /// Does what the command line asks for, and ends the process with its status.
  public static func run() -> Never {
    if let complaint = Sdwan.complaint(about: Array(CommandLine.arguments.dropFirst())) {
      Terminal.complain(complaint)
      exit(Outcome.wrongUse.status)
    }
    let command: any ParsableCommand
    do {
      command = try Sdwan.parseAsRoot()
    } catch {
      // Help and the version are no mistakes.
      let status = Sdwan.exitCode(for: error)
      let text = Sdwan.fullMessage(for: error)
      if status.isSuccess { print(text) } else { Terminal.complain(text) }
      exit(status.isSuccess ? Outcome.asWanted.status : Outcome.wrongUse.status)
    }
    guard let command = command as? any OperatorCommand else {
      print(Sdwan.helpMessage())
      exit(Outcome.asWanted.status)
    }
    exit(perform(command))
  }

  private static func perform(_ command: any OperatorCommand) -> Int32 {
    do {
      let loop = try EventLoop()
      return loop.run {
        do throws(ToolError) {
          return try await command.perform(try Tool(command.global, on: loop)).status
        } catch {
          Terminal.complain("sdwan: \(error.message)")
          return error.outcome.status
        }
      }
    } catch {
      Terminal.complain("sdwan: \(error)")
      return Outcome.unreachable.status
    }
  }
}

/// A command that talks to AWS.
protocol OperatorCommand: ParsableCommand, Sendable {
  /// What all commands have.
  var global: GlobalOptions { get }

  /// - Throws: ``ToolError`` with a sentence for the operator.
  func perform(_ tool: Tool) async throws(ToolError) -> Outcome
}

extension OperatorCommand {
  /// Never called: ``OperatorTool/run()`` performs commands.
  mutating func run() {}
}
