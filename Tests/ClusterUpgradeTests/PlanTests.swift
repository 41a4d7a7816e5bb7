import Foundation
import Orchestration
import Testing

@testable import ClusterUpgrade

/// A cluster as EKS would tell it.
func view(
  _ version: String, status: String = "ACTIVE", groups: [String] = [], addons: [String: String] = [:],
  auto: Bool = false
) throws -> ClusterView {
  func decoded<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
  return ClusterView(
    cluster: try decoded(
      #"{"name": "c", "version": "\#(version)", "status": "\#(status)", "computeConfig": {"enabled": \#(auto)}}"#
    ),
    nodeGroups: try groups.map { text in
      // NAME VERSION STATUS IMAGE
      let parts = text.split(separator: " ").map(String.init)
      return try decoded(
        #"{"nodegroupName": "\#(parts[0])", "version": "\#(parts[1])", "status": "\#(parts.count > 2 ? parts[2] : "ACTIVE")", "amiType": "\#(parts.count > 3 ? parts[3] : "AL2023_x86_64_STANDARD")"}"#
      )
    },
    addons: try addons.sorted { $0.key < $1.key }.map {
      try decoded(#"{"addonName": "\#($0.key)", "addonVersion": "\#($0.value)", "status": "ACTIVE"}"#)
    })
}

func version(_ text: String) throws -> KubernetesVersion { try #require(KubernetesVersion(text)) }

@Suite struct PlanTests {
  private static let offers = AddonOffers(
    before: [
      "cni": [AddonVersion("v1.3.0"), AddonVersion("v1.2.0", isDefault: true), AddonVersion("v1.1.0")],
      "proxy": [AddonVersion("v1.32.0", isDefault: true)],
    ],
    after: [
      "cni": [AddonVersion("v1.10.0", isDefault: true), AddonVersion("v1.3.0"), AddonVersion("v1.2.0")],
      "proxy": [AddonVersion("v1.33.0", isDefault: true), AddonVersion("v1.32.0")],
    ])

  private func moves(_ view: ClusterView) throws -> [String] {
    UpgradePlan(view, try version("1.33"), Self.offers).moves.map(\.description)
  }

  /// Add-ons to what goes with both, the control plane, a pause, the other add-ons, the nodes.
  @Test func inOrder() throws {
    let plan = try moves(
      view("1.32", groups: ["a 1.32", "b 1.32"], addons: ["cni": "v1.1.0", "proxy": "v1.32.0"]))
    #expect(
      plan == [
        "add-on cni: v1.1.0 to v1.3.0", "control plane: 1.32 to 1.33", UpgradeMove.bake.description,
        "add-on cni: v1.3.0 to v1.10.0", "add-on proxy: v1.32.0 to v1.33.0", "node group a: 1.32 to 1.33",
        "node group b: 1.32 to 1.33",
      ])
  }

  /// Wherever it was broken off, only the rest is left.
  @Test func fromAnywhere() throws {
    #expect(
      try moves(view("1.33", groups: ["a 1.33", "b 1.32"], addons: ["cni": "v1.10.0", "proxy": "v1.33.0"]))
        == ["node group b: 1.32 to 1.33"])
    #expect(
      try moves(view("1.33", groups: ["a 1.33"], addons: ["cni": "v1.11.0"])) == [
        "add-on cni: v1.11.0 to v1.10.0"
      ])
    #expect(try moves(view("1.33", groups: ["a 1.33"], addons: ["cni": "v1.10.0"])).isEmpty)
    #expect(try moves(view("1.33", groups: ["a 1.32"]))[0] == UpgradeMove.bake.description)
  }

  @Test func notTheirs() throws {
    let plan = UpgradePlan(
      try view("1.32", groups: ["own 1.32 ACTIVE CUSTOM"], addons: ["strange": "v1"], auto: true),
      try version("1.33"), Self.offers)
    #expect(plan.moves.map(\.description) == ["control plane: 1.32 to 1.33"] && plan.unfitting == ["strange"])
    #expect(plan.notes.count == 2 && plan.notes[0].contains("own is skipped"))
  }

  @Test(arguments: [
    ("1.33", "1.32", "older"), ("1.31", "1.33", "skipped"), ("x", "1.33", "none that can be compared"),
    ("1.32", "2.0", "skipped"),
  ])
  func versions(_ from: String, _ target: String, _ words: String) throws {
    let found = Refusals(view: try view(from), target: try version(target)).versions
    #expect(found.count == 1 && found[0].contains(words))
  }

  @Test func fit() throws {
    for (from, target) in [("1.32", "1.33"), ("1.33", "1.33")] {
      #expect(Refusals(view: try view(from), target: try version(target)).versions.isEmpty)
    }
  }

  @Test(arguments: [
    ("UPDATING", ["a 1.32"], "is UPDATING: wait"), ("FAILED", ["a 1.32"], "FAILED, not ACTIVE"),
    ("ACTIVE", ["a 1.31"], "upgrade its nodes to 1.32 first"), ("ACTIVE", ["a 1.32 DEGRADED"], "DEGRADED"),
    ("ACTIVE", ["a 1.32 UPDATING"], "node group a is UPDATING"),
  ])
  func states(_ status: String, _ groups: [String], _ words: String) throws {
    let found = Refusals(view: try view("1.32", status: status, groups: groups), target: try version("1.33"))
      .state
    #expect(found.count == 1 && found.first?.contains(words) == true, "\(found)")
  }

  @Test func addresses() throws {
    let refusals = Refusals(view: try view("1.32"), target: try version("1.33"))
    #expect(refusals.addresses(["a": 2, "b": 3]).isEmpty)
    #expect(refusals.addresses(["a": 2, "b": 2])[0].contains("4 free addresses (a 2, b 2)"))
  }

  @Test(arguments: ["1", "1.", ".1", "1.03", "01.3", "1.3.1", "v1.3", "1.x", "", "1.99999", "-1.3"])
  func noVersions(_ text: String) { #expect(KubernetesVersion(text) == nil) }

  @Test func order() throws {
    #expect(try version("1.9") < version("1.10") && version("1.99") < version("2.0"))
    #expect(AddonNumber("v1.9.0-eksbuild.2") < AddonNumber("v1.10.0-eksbuild.1"))
    #expect(try version("1.0").previous == nil)
  }
}
