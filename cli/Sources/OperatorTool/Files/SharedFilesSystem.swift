import AWSClient
import Groundwork
import Orchestration

/// A deployment of terraform/files, found by its name.
struct SharedFilesSystem: Sendable {
  let name: String
  /// Of the stage, without a slash at the end.
  let url: String
  let bucket: String
  /// The access point's ARN.
  let accessPoint: String
  let mountPath: String

  var producer: String { "\(name)-producer" }
  var consumer: String { "\(name)-consumer" }

  /// - Throws: ``ToolError`` where there is no such deployment.
  init(_ tool: Tool, url: String?) async throws(ToolError) {
    name = tool.global.name
    let producer = "\(name)-producer"
    let function: FunctionConfiguration
    do throws(FailedCall) {
      function = try await tool.functions.describe(producer)
    } catch {
      guard error.error.code == "ResourceNotFoundException" else { throw ToolError(error) }
      throw .use(
        "there is no function \(producer) in \(tool.region.name): is terraform/files applied, with the name \(name)?"
      )
    }
    guard let bucket = function.environment["S3_BUCKET_NAME"], let files = function.fileSystems.first else {
      throw .use("\(producer) has no bucket or no file system: it is not of terraform/files")
    }
    self.bucket = bucket
    accessPoint = files.accessPoint
    mountPath = files.mountPath
    if let url {
      self.url = String(url.reversed().drop { $0 == "/" }.reversed())
    } else {
      self.url = try await Self.address(name, tool)
    }
  }

  private static func address(_ name: String, _ tool: Tool) async throws(ToolError) -> String {
    let ids = try await asked { () throws(FailedCall) in try await tool.apis.ids(named: name) }
    guard ids.count == 1 else {
      throw .use("there are \(ids.count) REST APIs called \(name): say which with --url")
    }
    return "https://\(ids[0]).execute-api.\(tool.region.name).\(Partition(of: tool.region).domain)/prod"
  }
}
