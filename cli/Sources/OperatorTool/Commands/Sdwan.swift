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
      Status.self, Verify.self, Why.self, Up.self, Watch.self, Stop.self, History.self, Show.self,
    ])
}
