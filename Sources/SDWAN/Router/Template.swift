/// A part of a script, without the lines that are comments alone: they stay where the scripts are read and changed, and who reads
/// a command's history sees what was run.
struct Template: Sendable {
  static let common = Template(PackageResources.common_sh)
  static let container = Template(PackageResources.container_sh)
  static let packages = Template(PackageResources.packages_sh)
  static let cards = Template(PackageResources.cards_sh)
  static let image = Template(PackageResources.image_sh)
  static let replacement = Template(PackageResources.replacement_sh)
  static let keys = Template(PackageResources.psk_sh)
  static let answers = Template(PackageResources.answers_sh)
  static let plan = Template(PackageResources.plan_sh)
  static let rollback = Template(PackageResources.rollback_sh)
  static let phase1 = Template(PackageResources.phase1_sh)
  static let confirm = Template(PackageResources.confirm_sh)
  static let phase2 = Template(PackageResources.phase2_sh)
  static let phase3 = Template(PackageResources.phase3_sh)
  static let routerSession = Template(PackageResources.router_session_vbash)
  static let routerOurs = Template(PackageResources.router_ours_vbash)
  static let routerPrevious = Template(PackageResources.router_previous_vbash)
  static let routerBase = Template(PackageResources.router_base_vbash)
  static let routerCommit = Template(PackageResources.router_commit_vbash)
  static let routerApply = Template(PackageResources.router_apply_vbash)
  static let routerKeep = Template(PackageResources.router_keep_vbash)
  static let routerRestore = Template(PackageResources.router_restore_vbash)
  static let routerRollback = Template(PackageResources.router_rollback_vbash)
  static let routerRollbackPlan = Template(PackageResources.router_rollback_plan_vbash)
  static let routerDifferences = Template(PackageResources.router_differences_vbash)
  static let routerPlan = Template(PackageResources.router_plan_vbash)
  static let routerWake = Template(PackageResources.router_wake_vbash)

  /// Lines, each with its newline.
  let text: String

  /// - Parameter text: lines.
  init(text: String) { self.text = text }

  /// - Parameter bytes: shell, in whose texts (here-documents) no line begins with `#`.
  private init(_ bytes: [UInt8]) {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    where line.first(where: { $0 != UInt8(ascii: " ") }) != UInt8(ascii: "#") {
      kept += line
      kept.append(UInt8(ascii: "\n"))
    }
    text = String(decoding: kept, as: UTF8.self)
  }
}
