import FleetKit

/// What is worth knowing of a cluster at the end of a step.
public struct ClusterDetails: TargetDetails {
  /// Of the control plane, at last.
  public var version: String?
  /// How the cluster is, at last.
  public var status: String?
  /// What was seen: names and versions.
  public var nodeGroups: [String: String]?
  /// What was seen: names and versions.
  public var addons: [String: String]?
  /// Names.
  public var fargateProfiles: [String]?
  /// Insights that are no `PASSING`, in words.
  public var insights: [String]?
  /// When the standard support of its version ends, in ISO 8601.
  public var standardSupportEnds: String?
  /// When the extended support of its version ends, in ISO 8601.
  public var extendedSupportEnds: String?
  /// What is to be done, in order.
  public var plan: [String]?
  /// A model's comment on the plan, which decides nothing.
  public var advice: String?
  /// What else is to be said.
  public var notes: [String]?
  /// Why it is not all right.
  public var reasons: [String]?

  /// Nothing is known.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case version, status, addons, insights, plan, advice, notes, reasons
    case nodeGroups = "node_groups"
    case fargateProfiles = "fargate_profiles"
    case standardSupportEnds = "standard_support_ends"
    case extendedSupportEnds = "extended_support_ends"
  }

  /// The longest lists first.
  public static var shortenings: [@Sendable (inout ClusterDetails) -> Void] {
    [
      { $0.advice = nil }, { $0.addons = nil }, { $0.nodeGroups = nil }, { $0.fargateProfiles = nil },
      { $0.insights = $0.insights.map { Array($0.prefix(5)) } },
      { $0.notes = $0.notes.map { Array($0.prefix(5)) } },
      { $0.plan = $0.plan.map { Array($0.prefix(10)) } },
    ]
  }
}
