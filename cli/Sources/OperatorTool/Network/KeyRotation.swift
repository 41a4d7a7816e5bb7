import AWSClient
import Foundation
import Groundwork
import Orchestration
import SDWAN

/// Gives tunnels a new pre-shared key: the new value is written, phase 2 hands it to the routers, and it stays only where every
/// one of them has it and phase 3 finds their tunnels well. Otherwise the old value comes back the same way.
///
/// A tunnel that is up stays up: a router reads a changed key when the next IKE authentication asks for it.
struct KeyRotation: Sendable {
  /// Whose key it is.
  struct Scope: Sendable, Equatable {
    /// The parameter's name.
    var parameter: String
    var regions: [Region]
    /// Empty for all.
    var routers: [String]

    /// - Parameter tunnel: nil for the key that all tunnels without one of their own have.
    /// - Throws: ``ToolError`` for a tunnel that there is not.
    init(_ tunnel: String?, _ topology: Topology, network: String) throws(ToolError) {
      let common = "/\(network)-secrets/vpn-psk"
      guard let tunnel else {
        parameter = common
        regions = Set(topology.routers.map(\.region)).sorted { $0.name < $1.name }
        routers = []
        return
      }
      guard let found = topology.tunnels.first(where: { $0.name == tunnel }) else {
        throw .use(
          "the network has no tunnel \(tunnel)\(Words.meant(tunnel, among: topology.tunnels.map(\.name), orAll: true))"
        )
      }
      parameter = "\(common)/\(tunnel)"
      routers = [found.first.router, found.second.router].sorted()
      regions = Set(
        topology.routers.filter { [found.first.router, found.second.router].contains($0.name) }.map(\.region)
      )
      .sorted { $0.name < $1.name }
    }
  }

  private static let bytes = 33

  let tool: Tool
  let scope: Scope
  let random: @Sendable () -> UInt8

  /// How it ended.
  enum End: Sendable, Equatable {
    case rotated
    /// The old value is back; why.
    case restored(String)
  }

  /// - Throws: ``ToolError`` where the old value could not be brought back: then the words say where it is.
  func run() async throws(ToolError) -> End {
    try await requireHealth()
    let old = try await read()
    let new = Data((0..<Self.bytes).map { _ in random() }).base64EncodedString()
    return try await Interrupts.holding(
      "a rotation is not left half done: it ends by itself; Ctrl-C once more breaks it off"
    ) { () throws(ToolError) in
      let trouble = await attempt(old, new)
      guard let trouble else { return .rotated }
      say("\(trouble); the old key is brought back")
      try await restore(old)
      return .restored(trouble)
    }
  }

  private func say(_ words: String) {
    if !tool.screen.isJSON, !tool.screen.isQuiet { tool.screen.say(words) }
  }

  /// Whoever is ill already would make a good key look bad.
  private func requireHealth() async throws(ToolError) {
    say("verifying that the tunnels are well")
    let before = try await tool.call("phase3", scope.event)
    guard before.failCount == 0 else {
      throw ToolError(
        message: "nothing was changed: \(before.summary); sdwan why --now tells more", outcome: .unwell)
    }
  }

  private func read() async throws(ToolError) -> [Region: SecretStore.Secret] {
    var old: [Region: SecretStore.Secret] = [:]
    for region in scope.regions {
      let secret = try await asked { () throws(FailedCall) in
        try await tool.secrets.read(scope.parameter, in: region)
      }
      old[region] = secret
    }
    return old
  }

  /// - Returns: why it did not work; nil where it did.
  private func attempt(_ old: [Region: SecretStore.Secret], _ new: String) async -> String? {
    do throws(ToolError) {
      say("writing a new key to \(scope.parameter) in \(scope.regions.map(\.name).joined(separator: ", "))")
      for region in scope.regions {
        try await asked { () throws(FailedCall) in
          try await tool.secrets.write(scope.parameter, new, in: region, isThere: old[region] != nil)
        }
      }
      return try await handOver()
    } catch {
      return error.message
    }
  }

  /// Phase 2 hands the key to the routers; then each must have it, and be well.
  private func handOver() async throws(ToolError) -> String? {
    say("phase 2: the routers take it")
    let taken = try await tool.call("phase2", scope.event)
    guard taken.failCount == 0 else { return "phase 2: \(taken.summary)" }
    let plan = try await NetworkPlan(tool, routers: scope.routers, recreate: nil, isFromPhase2: true)
    if let other = plan.routers.first(where: { $0.diff.contains { $0.hasPrefix("~") } }) {
      return "\(other.router) has another key than it should"
    }
    if let unknown = plan.unknown.first {
      return "it is not known whether \(unknown.router) has the key: \(unknown.trouble ?? "")"
    }
    say("phase 3: verifying the tunnels")
    let verified = try await tool.call("phase3", scope.event)
    return verified.failCount == 0 ? nil : "phase 3: \(verified.summary)"
  }

  private func restore(_ old: [Region: SecretStore.Secret]) async throws(ToolError) {
    do throws(ToolError) {
      for region in scope.regions {
        try await asked { () throws(FailedCall) in
          if let secret = old[region] {
            try await tool.secrets.write(scope.parameter, secret.value, in: region, isThere: true)
          } else {
            try await tool.secrets.remove(scope.parameter, in: region)
          }
        }
      }
      guard let trouble = try await handOver() else { return }
      throw ToolError(
        message:
          "the old key is back in \(scope.parameter), but: \(trouble); sdwan up --from phase2 tries again",
        outcome: .unwell)
    } catch {
      var error = error
      let versions = scope.regions.compactMap { region in
        old[region].map { "version \($0.version) in \(region.name)" }
      }
      error.message += "; the old key is \(versions.joined(separator: ", ")) of \(scope.parameter)"
      throw error
    }
  }
}

extension KeyRotation.Scope {
  /// For a phase.
  var event: [String: any Encodable & Sendable] { routers.isEmpty ? [:] : ["instances": routers] }
}
