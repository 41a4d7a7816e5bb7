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
      let run = try LocalRun.kept(process)
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

  /// The one whose file `SDWAN_LAB` names, or the one of this checkout.
  /// - Throws: ``ToolError`` where there is none.
  static func kept(_ environment: Environment) throws(ToolError) -> LocalRun {
    if let named = environment("SDWAN_LAB") {
      if let run = described(in: URL(fileURLWithPath: named)) { return run }
      throw .use("there is no local run in \(named), which SDWAN_LAB names; scripts/lab up starts one")
    }
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while true {
      if let run = described(in: folder.appendingPathComponent(".local/lab.json")) { return run }
      guard folder.path != "/" else { break }
      folder.deleteLastPathComponent()
    }
    throw .use("there is no local run here; scripts/lab up, or scripts/run-local --keep, starts one")
  }

  private static func described(in file: URL) -> LocalRun? {
    guard let bytes = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode(LocalRun.self, from: bytes)
  }
}
