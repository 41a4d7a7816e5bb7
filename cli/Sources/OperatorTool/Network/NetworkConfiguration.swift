import AWSClient
import Groundwork
import Orchestration
import SDWAN
import SSMKit

/// The network as the deployed functions know it.
struct NetworkConfiguration: Sendable {
  let topology: Topology
  /// What the names of its parameters begin with.
  let prefix: String

  init(topology: Topology, prefix: String) {
    self.topology = topology
    self.prefix = prefix
  }

  /// - Throws: ``ToolError`` where the functions are not there, or their topology is none.
  init(_ tool: Tool) async throws(ToolError) {
    let function = "\(tool.global.name)-phase3"
    let configuration = try await asked { () throws(FailedCall) in try await tool.functions.describe(function)
    }
    prefix = configuration.environment["SSM_PARAM_PREFIX"] ?? "/sdwan/"
    let text = configuration.environment["SDWAN_TOPOLOGY"]
    do throws(TopologyError) {
      guard let text else {
        topology = try .standard()
        return
      }
      guard let object = ObjectURI(text) else {
        topology = try Topology(json: Array(text.utf8))
        return
      }
      let bytes: [UInt8]
      do throws(FailedCall) {
        bytes = try await tool.objects.get(object, maximumSize: 16 << 20, latest: .never)
      } catch {
        throw TopologyError("the topology \(object) can't be read: \(error.error)")
      }
      topology = try Topology(json: bytes)
    } catch {
      throw .refused(error.description)
    }
  }

  /// A router by its name.
  /// - Throws: ``ToolError`` with the name that may be meant.
  func router(_ name: String) throws(ToolError) -> Router {
    if let router = topology.router(named: name) { return router }
    let near = Words.near(name, among: topology.routers.map(\.name)).map { "; did you mean \($0)?" } ?? ""
    throw .use("the network has no router \(name)\(near)")
  }

  /// A router's host; nil where Terraform has not told one.
  func instance(of router: Router, _ tool: Tool) async throws(FailedCall) -> InstanceID? {
    let path = "\(prefix)\(router.name)"
    let text: String?
    do throws(AWSError) {
      text = try await tool.parameters.read(
        below: path, in: router.region, latest: .never, into: nil as String?
      ) {
        if $1.name == "\(path)/instance-id" { $0 = $1.value }
      }
    } catch {
      throw FailedCall(error)
    }
    return text.flatMap { InstanceID($0) }
  }

  /// The names of the deployment's own waves.
  /// - Throws: ``ToolError`` where phase 1's function is not there, or its waves can't be read.
  static func waves(_ tool: Tool) async throws(ToolError) -> [String] {
    let configuration = try await asked { () throws(FailedCall) in
      try await tool.functions.describe("\(tool.global.name)-phase1")
    }
    guard let text = configuration.environment["SDWAN_WAVES"] else { return [Self.onlyWave] }
    var bytes = Array(text.utf8)
    if let object = ObjectURI(text) {
      bytes = try await asked { () throws(FailedCall) in
        try await tool.objects.get(object, maximumSize: 16 << 20, latest: .never)
      }
    }
    struct Wave: Decodable { var name: String }
    let names = (JSONText.read([Wave].self, bytes) ?? []).map(\.name)
    return names.isEmpty ? [Self.onlyWave] : names
  }

  /// Where a deployment has no waves, there is one.
  private static let onlyWave = "all"
}
