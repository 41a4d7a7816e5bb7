import ArgumentParser

/// `sdwan upgrade`: upgrades of EKS clusters in waves, the same engine with other functions.
struct UpgradeCommand: ParsableCommand, OtherSystem {
  /// The deployment's name where nobody gives another: that of terraform/upgrade.
  static let usualName = "upgrade"
  static let whatGoesOn = "An update of EKS that runs goes on."

  static let configuration = CommandConfiguration(
    commandName: "upgrade", abstract: "Upgrades EKS clusters in waves (docs/upgrade.md).",
    subcommands: [
      UpgradePlanCommand.self, UpgradeStart.self, SystemCommand<Self, Watch>.self,
      SystemCommand<Self, Approve>.self, SystemCommand<Self, Reject>.self,
      SystemCommand<Self, Resume>.self, SystemCommand<Self, Stop>.self, UpgradeRollback.self,
      SystemCommand<Self, History>.self,
    ])
}
