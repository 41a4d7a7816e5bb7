import AWSClient
import Groundwork

/// A cluster of Amazon EKS, as far as an upgrade has to know it.
public struct Cluster: Decodable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its ARN.
  public var arn: String
  /// Of its control plane, e.g. `1.33`.
  public var version: String
  /// `CREATING`, `ACTIVE`, `DELETING`, `FAILED`, `UPDATING` or `PENDING`.
  public var status: String
  /// E.g. `eks.7`.
  public var platformVersion: String
  /// Where its control plane has network interfaces.
  public var subnets: [String]
  /// EKS Auto Mode: its nodes follow the control plane by themselves.
  public var isAuto: Bool
  /// Whether it can't be deleted.
  public var isProtected: Bool
  /// `STANDARD` or `EXTENDED`.
  public var support: String

  private enum Key: String, CodingKey {
    case name, arn, version, status, platformVersion, resourcesVpcConfig, computeConfig, deletionProtection,
      upgradePolicy
  }

  private struct Network: Decodable { var subnetIds: [String]? }
  private struct Compute: Decodable { var enabled: Bool? }
  private struct Policy: Decodable { var supportType: String? }

  /// A cluster as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .name)
    arn = try fields.decodeIfPresent(String.self, forKey: .arn) ?? ""
    version = try fields.decode(String.self, forKey: .version)
    status = try fields.decode(String.self, forKey: .status)
    platformVersion = try fields.decodeIfPresent(String.self, forKey: .platformVersion) ?? ""
    subnets = try fields.decodeIfPresent(Network.self, forKey: .resourcesVpcConfig)?.subnetIds ?? []
    isAuto = try fields.decodeIfPresent(Compute.self, forKey: .computeConfig)?.enabled ?? false
    isProtected = try fields.decodeIfPresent(Bool.self, forKey: .deletionProtection) ?? false
    support = try fields.decodeIfPresent(Policy.self, forKey: .upgradePolicy)?.supportType ?? "EXTENDED"
  }
}

/// Something that a node group or an add-on complains of.
public struct ClusterIssue: Decodable, Sendable, Equatable {
  /// E.g. `AsgInstanceLaunchFailures`.
  public var code: String
  /// In words.
  public var message: String

  private enum CodingKeys: String, CodingKey { case code, message }

  /// An issue as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    code = try fields.decodeIfPresent(String.self, forKey: .code) ?? "without a code"
    message = try fields.decodeIfPresent(String.self, forKey: .message) ?? ""
  }
}

private struct Health: Decodable { var issues: [ClusterIssue]? }

/// A managed node group.
public struct NodeGroup: Decodable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Of its nodes, e.g. `1.32`.
  public var version: String
  /// `CREATING`, `ACTIVE`, `UPDATING`, `DELETING`, `CREATE_FAILED`, `DELETE_FAILED` or `DEGRADED`.
  public var status: String
  /// E.g. `AL2023_x86_64_STANDARD`; `CUSTOM` where somebody has made the image.
  public var image: String
  /// Whether it is made by a launch template of somebody.
  public var hasLaunchTemplate: Bool
  /// What it complains of.
  public var issues: [ClusterIssue]

  private enum Key: String, CodingKey { case nodegroupName, version, status, amiType, launchTemplate, health }
  private struct Template: Decodable {}

  /// A node group as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .nodegroupName)
    version = try fields.decodeIfPresent(String.self, forKey: .version) ?? ""
    status = try fields.decode(String.self, forKey: .status)
    image = try fields.decodeIfPresent(String.self, forKey: .amiType) ?? ""
    hasLaunchTemplate = try fields.decodeIfPresent(Template.self, forKey: .launchTemplate) != nil
    issues = try fields.decodeIfPresent(Health.self, forKey: .health)?.issues ?? []
  }
}

/// An add-on that a cluster has.
public struct Addon: Decodable, Sendable, Equatable {
  /// E.g. `vpc-cni`.
  public var name: String
  /// E.g. `v1.19.2-eksbuild.1`.
  public var version: String
  /// `CREATING`, `ACTIVE`, `CREATE_FAILED`, `UPDATING`, `DELETING`, `DELETE_FAILED`, `DEGRADED` or `UPDATE_FAILED`.
  public var status: String
  /// What it complains of.
  public var issues: [ClusterIssue]

  private enum Key: String, CodingKey { case addonName, addonVersion, status, health }

  /// An add-on as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .addonName)
    version = try fields.decodeIfPresent(String.self, forKey: .addonVersion) ?? ""
    status = try fields.decode(String.self, forKey: .status)
    issues = try fields.decodeIfPresent(Health.self, forKey: .health)?.issues ?? []
  }
}

/// A version of an add-on that goes with a version of Kubernetes.
public struct AddonVersion: Sendable, Equatable {
  /// E.g. `v1.19.2-eksbuild.1`.
  public var version: String
  /// Whether it is the one that a new cluster gets.
  public var isDefault: Bool

  /// A version.
  public init(_ version: String, isDefault: Bool = false) {
    self.version = version
    self.isDefault = isDefault
  }
}

/// What EKS has found out about a cluster.
public struct ClusterInsight: Decodable, Sendable, Equatable {
  /// Its id.
  public var id: String
  /// In words, e.g. `Deprecated APIs removed in Kubernetes v1.33`.
  public var name: String
  /// `UPGRADE_READINESS`, `MISCONFIGURATION` or `ROLLBACK_READINESS`.
  public var category: String
  /// The version that it is about; empty for none.
  public var version: String
  /// `PASSING`, `WARNING`, `ERROR` or `UNKNOWN`.
  public var status: String
  /// Why.
  public var reason: String

  private enum Key: String, CodingKey { case id, name, category, kubernetesVersion, insightStatus }
  private struct Status: Decodable { var status: String?, reason: String? }

  /// An insight as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decodeIfPresent(String.self, forKey: .id) ?? ""
    name = try fields.decodeIfPresent(String.self, forKey: .name) ?? ""
    category = try fields.decodeIfPresent(String.self, forKey: .category) ?? ""
    version = try fields.decodeIfPresent(String.self, forKey: .kubernetesVersion) ?? ""
    let said = try fields.decodeIfPresent(Status.self, forKey: .insightStatus)
    status = said?.status ?? "UNKNOWN"
    reason = said?.reason ?? ""
  }
}

/// A version of Kubernetes that EKS knows.
public struct OfferedVersion: Decodable, Sendable, Equatable {
  /// E.g. `1.33`.
  public var version: String
  /// `STANDARD_SUPPORT`, `EXTENDED_SUPPORT` or `UNSUPPORTED`.
  public var status: String
  /// When its standard support ends.
  public var standardEnd: UnixTime?
  /// When its extended support ends.
  public var extendedEnd: UnixTime?

  private enum Key: String, CodingKey {
    case clusterVersion, versionStatus, endOfStandardSupportDate, endOfExtendedSupportDate
  }

  /// A version as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    version = try fields.decode(String.self, forKey: .clusterVersion)
    status = try fields.decodeIfPresent(String.self, forKey: .versionStatus) ?? "UNSUPPORTED"
    standardEnd = try fields.decodeIfPresent(Double.self, forKey: .endOfStandardSupportDate).map(
      UnixTime.init)
    extendedEnd = try fields.decodeIfPresent(Double.self, forKey: .endOfExtendedSupportDate).map(
      UnixTime.init)
  }
}

/// A change of a cluster, a node group or an add-on that EKS works on.
public struct ClusterUpdate: Decodable, Sendable, Equatable {
  /// How it stands.
  public enum Status: String, Decodable, Sendable {
    case inProgress = "InProgress"
    case failed = "Failed"
    case cancelled = "Cancelled"
    case successful = "Successful"
  }

  /// Why it failed.
  public struct Trouble: Decodable, Sendable, Equatable {
    /// E.g. `PodEvictionFailure`.
    public var errorCode: String?
    /// In words.
    public var errorMessage: String?
    /// Of what.
    public var resourceIds: [String]?
  }

  /// Its id.
  public var id: String
  /// How it stands.
  public var status: Status
  /// E.g. `VersionUpdate`, `VersionRollback`, `AddonUpdate`.
  public var type: String
  /// When it was begun.
  public var created: UnixTime
  /// Why it failed.
  public var troubles: [Trouble]
  /// What it was begun with, e.g. `Version`: `1.33`.
  public var parameters: [String: String]

  private enum Key: String, CodingKey { case id, status, type, createdAt, errors, params }
  private struct Parameter: Decodable { var type: String?, value: String? }

  /// An update as EKS tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(String.self, forKey: .id)
    status = try fields.decode(Status.self, forKey: .status)
    type = try fields.decodeIfPresent(String.self, forKey: .type) ?? ""
    created = UnixTime(seconds: try fields.decodeIfPresent(Double.self, forKey: .createdAt) ?? 0)
    troubles = try fields.decodeIfPresent([Trouble].self, forKey: .errors) ?? []
    let given = try fields.decodeIfPresent([Parameter].self, forKey: .params) ?? []
    parameters = Dictionary(given.map { ($0.type ?? "", $0.value ?? "") }) { first, _ in first }
  }

  /// Why it came to no good end: codes, words, and what they are about.
  public var reason: String {
    guard !troubles.isEmpty else { return "\(status.rawValue) without a reason" }
    return troubles.map { trouble in
      let about = (trouble.resourceIds ?? []).joined(separator: ", ")
      return "\(trouble.errorCode ?? "Unknown"): \(trouble.errorMessage ?? "no message")"
        + (about.isEmpty ? "" : " (\(about))")
    }.joined(separator: "; ")
  }
}

/// What an update is about: EKS wants it in each question about the update.
public enum UpdatePart: Sendable, Equatable {
  case controlPlane
  case nodeGroup(String)
  case addon(String)

  var query: [(String, String)] {
    switch self {
    case .controlPlane: []
    case .nodeGroup(let name): [("nodegroupName", name)]
    case .addon(let name): [("addonName", name)]
    }
  }
}
