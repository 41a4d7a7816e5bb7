import ArgumentParser

/// `sdwan`: what an operator of the network does.
struct Sdwan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sdwan", abstract: "Runs and watches an SD-WAN that this project's functions have built.",
    discussion: """
      Exit status: 0 as wanted, 1 unhealthy or failed, 2 wrong use, 3 there are changes (plan --exit-code), 4 waits for an \
      approval (--no-wait), 5 AWS refused or is not to be reached, 6 timed out, 130 interrupted.
      """,
    version: toolVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "How the network is", subcommands: [Status.self, Verify.self, Why.self, Graph.self]),
      CommandGroup(
        name: "Changing it",
        subcommands: [Plan.self, Up.self, Rollback.self, RotatePSK.self]),
      CommandGroup(
        name: "Executions",
        subcommands: [
          Watch.self, Stop.self, Resume.self, Approve.self, Reject.self, History.self, Show.self,
          LogsCommand.self, CostCommand.self, Report.self,
        ]),
      CommandGroup(name: "Other systems of the project", subcommands: [FilesCommand.self]),
      CommandGroup(
        name: "A router by itself, and the tool",
        subcommands: [Exec.self, Doctor.self, Completion.self, ManPage.self]),
      CommandGroup(
        name: "Other systems on the same engine", subcommands: [RecoveryCommand.self, UpgradeCommand.self]),
      CommandGroup(
        name: "AWS itself",
        subcommands: [
          ConfigCommand.self, FunctionCommand.self, EventCommand.self, MachineCommand.self,
        ]),
    ])

  /// What `--version` says; an output's `"schema"` has a number of its own.
  static let toolVersion = "1.0"

  /// The verbs.
  static var commands: [any ParsableCommand.Type] {
    configuration.subcommands
  }

  /// The words of a command line that say which command is meant.
  static func verbs(of arguments: [String]) -> [String] {
    var (verbs, known) = ([String](), commands)
    for argument in arguments {
      guard let command = known.first(where: { $0._commandName == argument }) else { break }
      verbs.append(argument)
      known = command.configuration.subcommands
    }
    return verbs
  }

  /// What a command says that is no command by itself: its own help, or that which was asked for.
  static func help(by command: any ParsableCommand) -> String {
    var command = command
    do { try command.run() } catch { return fullMessage(for: error) }
    return ""
  }

  /// What is wrong with a verb that there is not; the parser would complain of its options first.
  static func complaint(about arguments: [String]) -> String? {
    guard let verb = arguments.first, !verb.hasPrefix("-"), verb != "help" else { return nil }
    let verbs = commands.map { $0._commandName }
    guard !verbs.contains(verb) else { return nil }
    let near =
      Words.near(verb, among: verbs).map { "; did you mean sdwan \($0)?" } ?? "; sdwan --help lists them"
    return "sdwan: there is no command \(verb)\(near)"
  }

  /// `--watch=30s` as two options: the parser knows no value that may be missing. `X --help` as `help X`: where a command is made
  /// of another one the parser would name it twice.
  static func spelledOut(_ arguments: [String]) -> [String] {
    let own = arguments.prefix { $0 != "--" }
    if own.contains(where: { ["--help", "-h"].contains($0) }) { return ["help"] + verbs(of: arguments) }
    return own.flatMap { argument in
      argument.hasPrefix("--watch=")
        ? ["--watch", "--every", String(argument.dropFirst("--watch=".count))] : [argument]
    } + arguments.dropFirst(own.count)
  }
}
