import FleetKit
import JSON
import Groundwork

/// What the environment says about the deployment's clusters (`UPGRADE_CLUSTERS`).
struct UpgradeSettings: Sendable {
  /// A cluster, and what is known of it that EKS does not know.
  struct Item: Decodable, Sendable {
    /// What answers with 2xx as long as the cluster is well.
    var health: [String]?
    /// How its traffic goes to another one.
    var traffic: Traffic?
  }

  /// Two weighted records of one name.
  struct Traffic: Decodable, Sendable {
    /// Of the other cluster.
    var green: String
    var zone: String
    var record: String
    var type: String?
    var ttl: Int?
    var blueIdentifier: String
    var blueValue: String
    var greenIdentifier: String
    var greenValue: String
    /// What answers with 2xx as long as the other cluster is well.
    var health: [String]?

    enum CodingKeys: String, CodingKey {
      case green, zone, record, type, ttl, health
      case blueIdentifier = "blue_identifier"
      case blueValue = "blue_value"
      case greenIdentifier = "green_identifier"
      case greenValue = "green_value"
    }
  }

  let clusters: [String: Item]

  private static let variable = "UPGRADE_CLUSTERS"
  private static let allowed =
    "a JSON object: names of clusters, and of each {\"health\": [URL…], \"traffic\": {…}}, which may be empty"

  /// - Throws: ``ConfigurationError`` that names the variable and what is wrong.
  init(_ environment: @escaping Environment) throws(ConfigurationError) {
    clusters = try Variables(environment)(Self.variable, Self.allowed) { text in
      guard let clusters = try? JSONReader().read([String: Item].self, from: Array(text.utf8)),
        clusters.keys.allSatisfy(Self.isName),
        clusters.values.allSatisfy({ ($0.health ?? []).allSatisfy(Self.isURL) }),
        clusters.values.allSatisfy({ ($0.traffic?.health ?? []).allSatisfy(Self.isURL) }),
        clusters.values.allSatisfy({ $0.traffic.map { Self.isName($0.green) } ?? true })
      else { return nil }
      return clusters
    }
  }

  /// As EKS has it.
  private static func isName(_ text: String) -> Bool { text.isPlain(1...100, and: "-_") }

  private static func isURL(_ text: String) -> Bool {
    (text.hasPrefix("https://") || text.hasPrefix("http://"))
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}

extension String {
  /// Whether it has so many letters, digits and these other characters of ASCII, and nothing else.
  func isPlain(_ lengths: ClosedRange<Int>, and others: String) -> Bool {
    lengths.contains(utf8.count)
      && utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || others.utf8.contains($0)
      }
  }
}
