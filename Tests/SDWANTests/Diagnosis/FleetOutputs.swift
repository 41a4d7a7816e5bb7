import AWSClient
import Foundation
import Testing

@testable import SDWAN

/// What the routers of the standard network print, healthy until something is done to them.
struct FleetOutputs {
  static let environment = ["VYOS_VERSION": "1.4", "SDWAN_VERIFY_TIMEOUT": "0"]

  var routers: [String: RouterOutput] = [:]
  /// What a router says of its IKE and its log once it is asked.
  var reasons: [String: (ike: String, log: String)] = [:]
  /// Routers whose command ends in another way.
  var failures: [String: FakeHosts.Answer] = [:]
  private let expectations: [String: SDWAN.Expectation]

  init(_ version: VyOSVersion = .v1_4) throws {
    let topology = try Topology.standard()
    let hosts = try RandomNetwork.standardHosts()
    var expectations: [String: SDWAN.Expectation] = [:]
    for router in topology.routers {
      let expected = try topology.expectation(of: router, hosts, version)
      expectations[router.name] = expected
      routers[router.name] = try .healthy(expected)
    }
    self.expectations = expectations
  }

  func peer(of router: String) throws -> Peer { try #require(expectations[router]?.peers.first) }

  /// Changes one answer of a router; what is not there is a mistake of the test.
  mutating func change(_ router: String, _ answer: String, _ piece: String, _ replacement: String) throws {
    var output = try #require(routers[router])
    #expect(output[answer].contains(piece), "\(answer) of \(router) has no \(piece)")
    output[answer] = output[answer].replacingOccurrences(of: piece, with: replacement)
    routers[router] = output
  }

  /// No SA, and all that comes of it.
  mutating func cutTunnel(of router: String) throws {
    var output = try #require(routers[router])
    output["ipsec-sa"] = try Fixture.text(.v1_4, "ipsec-sa", "psk-mismatch")
    output["ipsec-connections"] = output["ipsec-connections"]
      .replacingOccurrences(of: " up  ", with: " down")
      .replacing(#/AES_CBC/256\S*/#, with: "-")
    routers[router] = output
    try lowerVTI(of: router)
    try cutSession(of: router)
    try losePings(of: router)
  }

  mutating func lowerVTI(of router: String) throws {
    var output = try #require(routers[router])
    output["interfaces"] = output["interfaces"].split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("vti") ? $0.replacingOccurrences(of: "u/u", with: "A/D") : String($0) }
      .joined(separator: "\n")
    routers[router] = output
  }

  /// BGP is not up, and brings nothing.
  mutating func cutSession(of router: String) throws {
    try change(router, "bgp-summary", "            1        2", "       Active        0")
    routers[router]?["ip-route-bgp"] = ""
    try losePing(of: router, to: "\(peer(of: router).link.peer.loopback)")
  }

  mutating func losePings(of router: String, replies: Int = 0) throws {
    let peer = try peer(of: router)
    for target in ["\(peer.link.far.address.address)", "\(peer.link.peer.loopback)"] {
      try losePing(of: router, to: target, replies: replies)
    }
  }

  private mutating func losePing(of router: String, to target: String, replies: Int = 0) throws {
    var lines = try Fixture.ping(target).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    lines.removeSubrange((1 + replies)...3)
    routers[router]?["ping-\(target)"] = lines.joined(separator: "\n").replacingOccurrences(
      of: "3 received, 0%", with: "\(replies) received, \([100, 66, 33][replies])%")
    routers[router]?.end("ping-\(target)", with: replies == 0 ? 1 : 0)
  }

  mutating func loseFullSize(of router: String, complaint: String = "") throws {
    let target = "\(try peer(of: router).link.far.address.address)"
    let text = try Fixture.fullSizePing(target, isAnswered: false)
    routers[router]?["full-size-ping-\(target)"] = text.replacingOccurrences(
      of: "data.\n", with: "data.\n\(complaint)")
    routers[router]?.end("full-size-ping-\(target)", with: 1)
  }

  /// All questions fail, as where the container does not run.
  mutating func fail(_ router: String, status: Int, complaint: String) {
    guard let output = routers[router] else { return }
    routers[router] = RouterOutput(
      answers: output.answers.flatMap {
        [
          RouterOutput.Answer(name: $0.name, text: "", status: status),
          RouterOutput.Answer(name: "\($0.name).stderr", text: complaint),
        ]
      })
  }

  /// Phase 3 over all of them: one look, and one more where it has to be asked why.
  func verify() async throws -> (result: ReadResult, hosts: FakeHosts) {
    var (first, second) = (routers, routers)
    for (router, said) in reasons {
      second[router]?.add("ike-sa", said.ike)
      second[router]?.add("ipsec-log", said.log)
    }
    let (texts, later, failures) = (first.mapValues(\.text), second.mapValues(\.text), failures)
    first = [:]
    let hosts = try FakeHosts.standard { router, number in
      failures[router] ?? FakeHosts.Answer(stdout: (number == 1 ? texts : later)[router] ?? "")
    }
    return (try await hosts.run(.phase3, environment: Self.environment), hosts)
  }
}

/// What a result says of a router.
struct ReadDiagnosis: Equatable {
  var cause: String
  var confidence: String
  var at: String?
  var evidence: [String]
  var hint: String
  var folds: [String]

  init?(_ details: [String: Any]) {
    guard let found = details["diagnosis"] as? [String: Any], let cause = found["cause"] as? String,
      let confidence = found["confidence"] as? String, let evidence = found["evidence"] as? [String],
      let hint = found["hint"] as? String, let folds = found["folds"] as? [String]
    else { return nil }
    (self.cause, self.confidence, self.evidence, self.hint) = (cause, confidence, evidence, hint)
    (at, self.folds) = (found["at"] as? String, folds)
  }
}
