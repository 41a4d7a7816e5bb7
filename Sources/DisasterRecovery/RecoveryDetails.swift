import FleetKit

/// What is worth knowing of a server that was launched, or was not.
public struct RecoveryDetails: TargetDetails {
  /// The job that it was in.
  public var job: String?
  /// How it stood there at last.
  public var launchStatus: String?
  /// Its recovery instance.
  public var recoveryInstance: String?
  /// What else is to be said.
  public var note: String?

  /// Nothing is known.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case job = "job_id"
    case launchStatus = "launch_status"
    case recoveryInstance = "recovery_instance_id"
    case note
  }
}

/// How a server of a wave ended.
typealias ServerResult = TargetResult<RecoveryDetails>
