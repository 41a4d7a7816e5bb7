import Foundation
import SDWAN

/// A topology in a file: by itself, or as Terraform's variable among others, like those of examples/.
enum TopologyFile {
  static func bytes(_ path: String) throws(ToolError) -> [UInt8] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .use("the file \(path) can't be read")
    }
    return Array(bytes)
  }

  /// - Throws: ``ToolError`` that names what is wrong with it.
  static func read(_ path: String) throws(ToolError) -> Topology {
    let bytes = try bytes(path)
    do throws(TopologyError) { return try topology(bytes) } catch {
      throw .use("\(path): \(error.description)")
    }
  }

  static func topology(_ bytes: [UInt8]) throws(TopologyError) -> Topology {
    if let variables = JSONText.read([String: RawJSON].self, bytes), let own = variables["topology"],
      let inner = try? JSONEncoder().encode(own)
    {
      return try Topology(json: Array(inner))
    }
    return try Topology(json: bytes)
  }
}
