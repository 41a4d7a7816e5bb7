import ArgumentParser

/// `sdwan recovery`: disaster recovery in waves, the same engine with another function.
struct RecoveryCommand: ParsableCommand, OtherSystem {
  /// The system's word, and the deployment's name where nobody gives another: that of terraform/recovery.
  static let usualName = "recovery"
  static let whatGoesOn = "A job that launches servers goes on: none can be stopped."

  static let configuration = CommandConfiguration(
    commandName: "recovery", abstract: "Recovers servers in waves, or drills it (docs/recovery.md).",
    discussion: "The deployment is called \(usualName) where no --name says otherwise.",
    subcommands: [
      RecoveryDrill.self, RecoveryStart.self, SystemCommand<Self, Watch>.self,
      SystemCommand<Self, Approve>.self, SystemCommand<Self, Reject>.self,
      SystemCommand<Self, Resume>.self, SystemCommand<Self, Stop>.self, RecoveryTerminate.self,
      SystemCommand<Self, History>.self,
    ])
}
