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
}
