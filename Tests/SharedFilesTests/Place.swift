import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient

@testable import SharedFiles

/// A folder as a mount, and the functions on it.
final class Place: Sendable {
  let folder: String
  let clock = VirtualClock()

  init() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent(
      "shared-files-\(UUID().uuidString)")
    folder = base.appendingPathComponent("efs").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: URL(fileURLWithPath: folder).deletingLastPathComponent()) }

  var mount: Mount { Mount(path: folder, clock: clock.clock(), random: { .random(in: .min ... .max) }) }

  func function(
    _ role: String, _ s3: FakeS3 = FakeS3([]), _ environment: [String: String] = [:]
  ) throws -> Handler {
    let variables = ["_HANDLER": role, "EFS_MOUNT_PATH": folder, "S3_BUCKET_NAME": "bucket"].merging(
      environment
    ) { $1 }
    return try SharedFiles.handler(
      s3.dependencies(clock, variables), random: { .random(in: .min ... .max) })
  }

  /// Status and body of what API Gateway gets.
  func ask(
    _ function: Handler, _ body: [String: Any]
  ) async throws -> (status: Int, body: [String: Any]) {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    let event = try JSONSerialization.data(withJSONObject: ["httpMethod": "POST", "body": text])
    let logger = Logger(environment: { _ in nil }, clock: clock.clock().wall, write: { _ in })
    let bytes = try await function(Invocation(requestID: "r", event: Array(event)), logger)
    let answer = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    let said = try JSONSerialization.jsonObject(with: Data((answer["body"] as? String ?? "").utf8))
    return (answer["statusCode"] as? Int ?? 0, said as? [String: Any] ?? [:])
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func read(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init)
  }

  /// Which file it is, whatever its name.
  func number(of name: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.systemFileNumber] as? Int ?? 0
  }

  /// Everything below the mount that is no folder.
  var files: [String] {
    FileManager.default.enumerator(atPath: folder)?.allObjects.compactMap { $0 as? String }.filter { name in
      var isFolder: ObjCBool = false
      return !FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        || !isFolder.boolValue
    }.sorted() ?? []
  }
}

/// Bytes that tell where they are; another seed gives others.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] { Array(Pattern.bytes[seed..<seed + count]) }

/// Reckoned once: a debug build takes its time for a byte.
private enum Pattern {
  static let bytes = (0..<10 << 20).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8) &* 7 ^ ($0 >> 16) &* 13) }
}
