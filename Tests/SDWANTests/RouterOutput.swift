import AWSClient
import Foundation

@testable import SDWAN

/// What `phase3.sh` prints about a router, answer by answer.
struct RouterOutput {
  struct Answer {
    var name: String
    var text: String
    var status = 0
  }

  var answers: [Answer]

  subscript(name: String) -> String {
    get { answers.first { $0.name == name }?.text ?? "" }
    set {
      for index in answers.indices where answers[index].name == name { answers[index].text = newValue }
    }
  }

  /// What the router was asked beside the rest.
  mutating func add(_ name: String, _ text: String, status: Int = 0) {
    answers.append(Answer(name: name, text: text, status: status))
  }

  mutating func end(_ name: String, with status: Int) {
    for index in answers.indices where answers[index].name == name { answers[index].status = status }
  }

  /// With the marks between which the script prints each answer.
  var text: String {
    answers.map { "=====[ \($0.name) ]=====\n\($0.text)\n=====[ end \($0.name) \($0.status) ]=====\n" }
      .joined()
  }

  /// nv-sdwan of the standard network in a captured state; where a state has no capture of its own, a part
  /// is as given.
  static func captured(_ version: VyOSVersion, _ states: [String: String] = [:], pings: Bool = true) throws
    -> RouterOutput
  {
    var commands = ["bgp-summary", "interfaces", "ip-route-bgp", "ipsec-sa"]
    if version != .v1_3 { commands.insert("ipsec-connections", at: 3) }
    var answers: [Answer] = []
    for command in commands {
      let state = states[command] ?? "healthy"
      var text = state == "none" ? "" : try Fixture.text(version, command, state)
      if command == "ip-route-bgp" { text = keptRoutes(text) }
      answers.append(Answer(name: command, text: text))
    }
    for target in ["10.255.1.1", "169.254.100.2"] {
      answers.append(
        Answer(
          name: "ping-\(target)", text: try Fixture.ping(target, isAnswered: pings), status: pings ? 0 : 1))
    }
    answers.append(
      Answer(
        name: "full-size-ping-169.254.100.2",
        text: try Fixture.fullSizePing("169.254.100.2", isAnswered: pings), status: pings ? 0 : 1))
    return RouterOutput(answers: answers)
  }

  /// Phase 3's script keeps only the routes themselves.
  private static func keptRoutes(_ text: String) -> String {
    text.split(separator: "\n").filter { $0.hasPrefix("B") }.map { $0 + "\n" }.joined()
  }
}
