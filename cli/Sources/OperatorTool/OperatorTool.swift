import ArgumentParser
import Foundation
import Groundwork
import HTTPClient

/// The operator's tool.
public enum OperatorTool {
  /// Does what the command line asks for, and ends the process with its status.
  public static func run() -> Never {
    let arguments = Sdwan.spelledOut(Array(CommandLine.arguments.dropFirst()))
    if let complaint = Sdwan.complaint(about: arguments) {
      Terminal.complain(complaint)
      exit(Outcome.wrongUse.status)
    }
    let command: any ParsableCommand
    do {
      command = try Sdwan.parseAsRoot(arguments)
    } catch {
      // Help and the version are no mistakes.
      let status = Sdwan.exitCode(for: error)
      if status.isSuccess { print(Sdwan.fullMessage(for: error)) } else { complain(about: error, arguments) }
      exit(status.isSuccess ? Outcome.asWanted.status : Outcome.wrongUse.status)
    }
    if let command = command as? any LocalCommand {
      print(command.text)
      exit(Outcome.asWanted.status)
    }
    guard let command = command as? any OperatorCommand else {
      print(Sdwan.help(by: command))
      exit(Outcome.asWanted.status)
    }
    exit(perform(command))
  }

  /// One sentence, and where the rest stands.
  private static func complain(about error: any Error, _ arguments: [String]) {
    Terminal.complain("sdwan: \(Sdwan.message(for: error))")
    Terminal.complain(
      "       \((["sdwan"] + Sdwan.verbs(of: arguments)).joined(separator: " ")) --help tells more")
  }

  private static func perform(_ command: any OperatorCommand) -> Int32 {
    do {
      let loop = try EventLoop()
      return loop.run {
        let task = Task(executorPreference: loop) { await status(of: command, on: loop) }
        let sources = Interrupts.handle { task.cancel() }
        defer { sources.forEach { $0.cancel() } }
        return await task.value
      }
    } catch {
      Terminal.complain("sdwan: \(error)")
      return Outcome.unreachable.status
    }
  }

  private static func status(of command: any OperatorCommand, on loop: EventLoop) async -> Int32 {
    do throws(ToolError) {
      return try await command.perform(try Tool(command.global, on: loop)).status
    } catch {
      // What an interruption has broken off has not failed.
      guard !Interrupts.wasInterrupted || error.outcome == .interrupted else {
        if isatty(STDERR_FILENO) == 1 { Terminal.complain("") }
        return Outcome.interrupted.status
      }
      Terminal.complain("sdwan: \(error.message)")
      return error.outcome.status
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

/// A command that only has something to say.
protocol LocalCommand: ParsableCommand {
  var text: String { get }
}

extension LocalCommand {
  /// Never called: ``OperatorTool/run()`` prints the text.
  mutating func run() {}
}
