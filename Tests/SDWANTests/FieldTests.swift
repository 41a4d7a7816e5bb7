import Foundation
import SSMKit
import Testing
import FleetTesting

@testable import SDWAN

/// What routers in the field printed, a folder of `Field/` each: every answer that a folder lacks is the healthy one.
@Suite struct FieldTests {
  struct Expected: Decodable {
    var healthy: Bool
    var mustSay: [String]
    var mustNotSay: [String]
    var grade: String
    /// What the diagnosis says; nil for a healthy one.
    var cause: String?

    enum CodingKeys: String, CodingKey {
      case healthy, grade, cause
      case mustSay = "must_say"
      case mustNotSay = "must_not_say"
    }
  }

  struct Meta: Decodable {
    var version: String
    var exit: [String: Int]?
    var verify: Double?
  }

  private static let folder = Bundle.module.resourceURL?.appendingPathComponent("Field")

  static let cases: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder?.path ?? "")
    return (names ?? []).sorted()
  }()

  @Test func thereAreCases() { #expect(Self.cases.count >= 37) }

  @Test(arguments: cases)
  func verdict(name: String) async throws {
    let folder = try #require(Self.folder).appendingPathComponent(name)
    let decoder = JSONDecoder()
    let expected = try decoder.decode(
      Expected.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
    let described = try Data(contentsOf: folder.appendingPathComponent("meta.json"))
    let meta = try decoder.decode(Meta.self, from: described)
    let version = try #require(VyOSVersion(rawValue: meta.version))
    let topology = try Self.topology(described) ?? Topology.standard()
    let router = try #require(topology.router(named: "nv-sdwan"))
    let expectation = try topology.expectation(of: router, RandomNetwork.standardHosts(), version)

    var verdict = expectation.verdict(on: try Self.output(folder, meta, version, look: 1).text)
    // Once more, as phase 3 does within its time.
    if verdict.mayComeUp {
      verdict = expectation.verdict(on: try Self.output(folder, meta, version, look: 2).text)
    }
    let diagnoses = FleetDiagnosis([router.name: verdict.checks], branches: []).diagnoses(of: router.name)
    #expect(diagnoses.first?.cause.rawValue == expected.cause, "\(diagnoses)")
    #expect(verdict.isHealthy == diagnoses.isEmpty)
    if expected.grade == "may" { return }
    let said = verdict.reasons.joined(separator: "\n")
    #expect(verdict.isHealthy == expected.healthy, "\(said)")
    for words in expected.mustSay { #expect(said.contains(words), "\"\(words)\" is not in: \(said)") }
    for words in expected.mustNotSay { #expect(!said.contains(words), "\"\(words)\" is in: \(said)") }
    #expect(expected.healthy || !verdict.reasons.isEmpty)
  }

  private static func topology(_ meta: Data) throws -> Topology? {
    let fields = try JSONSerialization.jsonObject(with: meta) as? [String: Any]
    guard let topology = fields?["topology"] else { return nil }
    return try Topology(json: Array(JSONSerialization.data(withJSONObject: topology)))
  }

  private static func output(
    _ folder: URL, _ meta: Meta, _ version: VyOSVersion, look: Int
  ) throws -> RouterOutput {
    var output = try RouterOutput.captured(version)
    for name in output.answers.map(\.name) {
      let candidates = ["\(name).\(look)", name, "\(name).1"]
      for candidate in candidates {
        guard let text = try? String(contentsOf: folder.appendingPathComponent(candidate), encoding: .utf8)
        else {
          continue
        }
        output[name] = text
        break
      }
      if let status = meta.exit?["\(name).\(look)"] ?? meta.exit?[name] { output.end(name, with: status) }
    }
    return output
  }
}
