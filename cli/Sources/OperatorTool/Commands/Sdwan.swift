import ArgumentParser

/// `sdwan`: what an operator of the network does.
struct Sdwan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sdwan", abstract: "Runs and watches an SD-WAN that this project's functions have built.",
    discussion: """
      Exit status: 0 as wanted, 1 unhealthy or failed, 2 wrong use, 3 there are changes (plan --exit-code), 4 waits for an \
      approval, 5 AWS refused or is not to be reached, 6 timed out, 130 interrupted.
      """,
    subcommands: [
      Status.self, Verify.self, Why.self, Plan.self, Up.self, Watch.self, Stop.self, Approve.self,
      Reject.self,
      Rollback.self, History.self, Show.self, LogsCommand.self, Exec.self, Graph.self, Report.self,
    ])

  /// What is wrong with a verb that there is not; the parser would complain of its options first.
  static func complaint(about arguments: [String]) -> String? {
    guard let verb = arguments.first, !verb.hasPrefix("-"), verb != "help" else { return nil }
    let verbs = configuration.subcommands.map { $0._commandName }
    guard !verbs.contains(verb) else { return nil }
    let near =
      Words.near(verb, among: verbs).map { "; did you mean sdwan \($0)?" } ?? "; sdwan --help lists them"
    return "sdwan: there is no command \(verb)\(near)"
  }
}
