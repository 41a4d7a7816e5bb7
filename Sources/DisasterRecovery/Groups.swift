import AWSClient
import FleetKit
import JSON
import Groundwork
import Orchestration
import SSMKit

/// Groups of servers, as Parameter Store has them below `/NAME/groups/`: a list of servers, or a tag that they have.
struct Groups: Sendable {
  /// What a group's parameter holds.
  private enum Group {
    case servers([String])
    case tags([String: String])

    init?(_ text: String) {
      let bytes = Array(text.utf8)
      struct Tagged: Decodable { var tag: [String: String] }
      if let servers = try? JSONReader().read([String].self, from: bytes) {
        self = .servers(servers)
      } else if let tagged = try? JSONReader().read(Tagged.self, from: bytes), !tagged.tag.isEmpty {
        self = .tags(tagged.tag)
      } else {
        return nil
      }
    }
  }

  let parameters: ParameterStore
  let region: Region
  /// The deployment's.
  let name: String

  /// What there is below the path.
  struct Found: Sendable {
    /// The servers of each group.
    var servers: [String: [String]] = [:]
    /// Why a group can't be used. Nobody who does not name it has to mend it first, least of all in a disaster.
    var broken: [String: String] = [:]
  }

  /// - Parameter servers: all that there are.
  /// - Throws: ``Failure`` where the parameters can't be read.
  func read(among servers: [SourceServer], latest: Deadline) async throws(Failure) -> Found {
    let path = "/\(name)/groups"
    let texts: [String: String]
    do throws(AWSError) {
      texts = try await parameters.read(below: path, in: region, latest: latest, into: [:]) {
        $0[$1.name] = $1.value
      }
    } catch {
      throw Failure(type: error.type, message: "the groups below \(path) can't be read: \(error)")
    }
    let known = Set(servers.map(\.id))
    var groups = Found()
    for (parameter, text) in texts.sorted(by: { $0.key < $1.key }) {
      let name = String(parameter.dropFirst(path.utf8.count + 1))
      switch Group(text) {
      case nil:
        groups.broken[name] =
          "the parameter \(parameter) is no group: it must be a list of servers' ids, or {\"tag\": {\"KEY\": \"VALUE\"}}"
      case .servers(let ids):
        if let strange = ids.first(where: { !known.contains($0) }) {
          groups.broken[name] =
            "the parameter \(parameter) names \"\(strange.shown(bytes: 80))\", which is no source server"
        } else {
          groups.servers[name] = ids
        }
      case .tags(let tags):
        groups.servers[name] = servers.filter { server in
          tags.allSatisfy { server.tags[$0.key] == $0.value }
        }.map(\.id)
      }
    }
    return groups
  }
}
