import FleetKit

/// What a step remembers of its clusters: ids of updates and times. What is to be done next is seen on the clusters.
struct UpgradeState: StepState {
  /// By the clusters' names.
  var clusters: [String: ClusterProgress] = [:]

  var refs: [String] { clusters.sorted { $0.key < $1.key }.flatMap(\.value.begun) }
}

/// How far a cluster has come.
struct ClusterProgress: Codable, Sendable, Equatable {
  /// Updates that run, or whose end nobody has seen yet.
  var updates: [RunningUpdate] = []
  /// The ids of all that were begun, for the rollout's output.
  var begun: [String] = []
  /// When something began that takes a while: a refresh of the insights, a bake. In seconds since 1970.
  var since: Double?
  /// How many shares of the traffic have been given.
  var share: Int?
  /// A change of records that the name servers may not know yet.
  var change: String?
  /// Why it failed; empty where it went well; nil as long as it has not ended.
  var end: String?
  /// What is worth saying at the end.
  var notes: [String] = []

  enum CodingKeys: String, CodingKey {
    case updates = "u"
    case begun = "r"
    case since = "t"
    case share = "s"
    case change = "c"
    case end = "e"
    case notes = "n"
  }
}

/// An update that was begun.
struct RunningUpdate: Codable, Sendable, Equatable {
  enum Kind: String, Codable, Sendable {
    case controlPlane = "c"
    case nodeGroup = "n"
    case addon = "a"
  }

  var id: String
  var kind: Kind
  /// The node group's or the add-on's.
  var name: String

  enum CodingKeys: String, CodingKey {
    case id
    case kind = "k"
    case name = "n"
  }
}
