import Foundation
import SDWAN

/// Waves for one execution, as `--waves FILE` gives them: JSON, a list, or an object with a list `waves`.
///
/// What is plainly wrong is said here, with the name that may be meant; the machine's own admission judges the rest, before
/// anything is changed.
struct WavesFile: Sendable {
  let waves: RawJSON
  let names: [String]

  private static let fields: Set = [
    "name", "routers", "rest", "dependsOn", "pauseBefore", "maxConcurrency", "maxErrors", "onFailure",
    "preCommands", "postCommands",
  ]

  /// - Throws: ``ToolError`` that names the file, the wave and the word.
  init(_ path: String, _ bytes: [UInt8]?, _ network: NetworkConfiguration) throws(ToolError) {
    guard let bytes else { throw .use("the file \(path) can't be read") }
    guard let json = JSONText.read(RawJSON.self, bytes) else { throw .use("\(path) is no JSON") }
    var list = json
    if case .object(let whole) = json { list = whole["waves"] ?? .null }
    guard case .list(let entries) = list, !entries.isEmpty else {
      throw .use("\(path) has no list of waves, such as [{\"name\": \"canary\", \"routers\": [\"NAME\"]}]")
    }
    var (names, owners): ([String], [String: String]) = ([], [:])
    for entry in entries {
      let name = try Self.check(entry, path, earlier: names, &owners, network)
      names.append(name)
    }
    waves = list
    self.names = names
  }

  private static func check(
    _ entry: RawJSON, _ path: String, earlier: [String], _ owners: inout [String: String],
    _ network: NetworkConfiguration
  ) throws(ToolError) -> String {
    guard case .object(let wave) = entry, case .text(let name) = wave["name"], !name.isEmpty else {
      throw .use("\(path): wave \(earlier.count + 1) is no object with a name")
    }
    if let field = wave.keys.sorted().first(where: { !fields.contains($0) }) {
      throw .use("\(path): wave \(name) has no field \(field)\(Words.meant(field, among: fields))")
    }
    if earlier.contains(name) { throw .use("\(path): there are two waves \(name)") }
    for router in wave["routers"]?.texts ?? [] {
      guard network.topology.router(named: router) != nil else {
        let near = Words.meant(router, among: network.topology.routers.map(\.name))
        throw .use("\(path): wave \(name): the network has no router \(router)\(near)")
      }
      if let owner = owners.updateValue(name, forKey: router) {
        throw .use("\(path): \(router) is in two waves, \(owner) and \(name)")
      }
    }
    for other in wave["dependsOn"]?.texts ?? [] where !earlier.contains(other) {
      throw .use(
        "\(path): wave \(name) depends on \(other), which is no wave before it\(Words.meant(other, among: earlier))"
      )
    }
    return name
  }
}

/// Where an execution begins, as `--from` says it.
struct StartingPoint: Sendable, Equatable {
  /// For the machine's `start_at`.
  let text: String
  /// The phase or step; nil for a wave's beginning.
  let step: String?

  private static let phases = ["phase1", "phase2", "phase3"]

  /// - Parameter waves: their names; of the synchronous machine none.
  /// - Throws: ``ToolError`` with what may be meant.
  init(_ wanted: String, kind: Machine.Kind, waves: [String]) throws(ToolError) {
    if kind == .synchronous {
      guard Self.phases.contains(wanted) else {
        throw .use(
          "--from is phase1, phase2 or phase3, not \"\(wanted)\"\(Words.meant(wanted, among: Self.phases))")
      }
      (text, step) = (wanted, wanted)
      return
    }
    // With one wave everybody knows which one is meant.
    if Self.phases.contains(wanted), waves.count == 1, let wave = waves.first {
      (text, step) = ("\(wave).\(wanted)", wanted)
      return
    }
    let wave = String(wanted.prefix { $0 != "." })
    guard waves.contains(wave) else {
      throw .use(
        "--from is WAVE or WAVE.STEP; there is no wave \"\(wave)\"\(Words.meant(wave, among: waves, orAll: true))"
      )
    }
    text = wanted
    step = wanted.contains(".") ? String(wanted.drop { $0 != "." }.dropFirst()) : nil
  }
}
