import AWSClient
import AWSCredentials
import Foundation
import Groundwork

/// Where the deployment is: region and endpoints.
enum Place {
  /// The environment with what `--endpoint` says.
  /// - Throws: ``ToolError`` where there is no kept local run.
  static func environment(_ endpoint: String?, _ process: @escaping Environment) throws(ToolError)
    -> Environment
  {
    guard let endpoint else { return process }
    guard endpoint != "local" else {
      let run = try LocalRun.kept()
      return { run.environment[$0] ?? ($0.hasPrefix("AWS_") ? nil : process($0)) }
    }
    guard Endpoint(url: endpoint) != nil else {
      throw .use("--endpoint is \"local\" or an http:// or https:// URL, not \"\(endpoint)\"")
    }
    return { $0 == "AWS_ENDPOINT_URL" ? endpoint : process($0) }
  }

  /// - Throws: ``ToolError`` for a name that is no region's.
  static func region(
    _ wanted: String?, _ environment: Environment, _ ofProfile: String?
  ) throws(ToolError) -> Region {
    let name = wanted ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? ofProfile
    guard let name else { return .virginia }
    guard let region = Region(name) else { throw .use("\"\(name)\" is no region, such as us-east-1") }
    return region
  }

  /// Endpoints that a profile names count where the environment names none, as the SDKs have it.
  static func withEndpoints(
    of profiles: Profiles, _ profile: String, _ environment: @escaping Environment
  ) -> Environment {
    { name in
      if let value = environment(name) { return value }
      guard name.hasPrefix("AWS_ENDPOINT_URL"), environment("AWS_ENDPOINT_URL") == nil else { return nil }
      let service = name.dropFirst("AWS_ENDPOINT_URL".count).drop { $0 == "_" }.lowercased()
      return profiles.endpoint(of: service, in: profile)
    }
  }
}

/// A local run that was kept: its emulators, and where they are.
struct LocalRun: Decodable, Sendable {
  /// The variables that lead to its emulators.
  var environment: [String: String]

  /// - Throws: ``ToolError`` where there is none.
  static func kept() throws(ToolError) -> LocalRun {
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while true {
      let file = folder.appendingPathComponent(".local/lab.json")
      if let bytes = try? Data(contentsOf: file),
        let run = try? JSONDecoder().decode(LocalRun.self, from: bytes)
      {
        return run
      }
      guard folder.path != "/" else { break }
      folder.deleteLastPathComponent()
    }
    throw .use("there is no local run here; scripts/lab up, or scripts/run-local --keep, starts one")
  }
}
