import Foundation
import Testing
import FleetTesting

@testable import SDWAN

/// Healthy outputs with something taken away or contradicted: none may come out healthy.
@Suite struct MutationTests {
  /// nv-sdwan of the standard network, every piece of evidence there once.
  private func forEachVersion(
    _ body: (RouterOutput, (_ what: String, _ text: String) -> Void) throws -> Void
  ) throws {
    for version in VyOSVersion.allCases {
      let expected = try VerdictTests.expectation(version)
      let output = try RouterOutput.healthy(expected)
      #expect(expected.verdict(on: output.text).isHealthy)
      var healthy: [String] = []
      var count = 0
      try body(output) { what, text in
        #expect(text != output.text, "\(what) changes nothing")
        count += 1
        if expected.verdict(on: text).isHealthy { healthy.append(what) }
      }
      #expect(count > 0)
      let some = healthy.prefix(8).joined(separator: "\n")
      let isClean = healthy.isEmpty
      #expect(
        isClean,
        "VyOS \(version.rawValue): \(healthy.count) of \(count) come out healthy, e.g.\n\(some)")
    }
  }

  /// Puts each word of evidence into hands that may change its line.
  private func forEachEvidence(
    _ output: RouterOutput,
    _ body: (_ word: Int, _ line: String, _ spans: [Range<String.Index>], _ put: (String) -> String) -> Void
  ) {
    for answer in output.answers {
      let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for (number, line) in lines.enumerated() {
        let spans = line.ranges(of: #/[^ ]+/#)
        for word in spans.indices where !Harmless.isHarmless(word, of: line, in: answer.name) {
          body(word, line, spans) { changed in
            var all = lines
            all[number] = changed
            var copy = output
            copy[answer.name] = all.joined(separator: "\n")
            return copy.text
          }
        }
      }
    }
  }

  @Test func everySingleLineDeleted() throws {
    try forEachVersion { output, judge in
      for answer in output.answers {
        let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (number, line) in lines.enumerated() where !line.isEmpty {
          let words = line.ranges(of: #/[^ ]+/#).indices
          if words.allSatisfy({ Harmless.isHarmless($0, of: line, in: answer.name) }) { continue }
          var copy = output
          var rest = lines
          rest.remove(at: number)
          copy[answer.name] = rest.joined(separator: "\n")
          judge("without the line \(answer.name): \(line)", copy.text)
        }
      }
      // The marks.
      let lines = output.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for (number, line) in lines.enumerated() where line.hasPrefix("=====[") {
        var rest = lines
        rest.remove(at: number)
        judge("without the line \(line)", rest.joined(separator: "\n"))
      }
    }
  }

  @Test func cutAnywhere() throws {
    var random = SeededGenerator("cuts")
    try forEachVersion { output, judge in
      let text = output.text
      // Without its last newline it is still whole.
      for index in text.indices.dropLast() where Int.random(in: 0..<6, using: &random) == 0 {
        judge("cut after \(text[..<index].suffix(30))", String(text[..<index]))
      }
      for index in text.indices.dropFirst() where Int.random(in: 0..<6, using: &random) == 0 {
        judge("cut before \(text[index...].prefix(30))", String(text[index...]))
      }
    }
  }

  @Test func everyWordDeleted() throws {
    try forEachVersion { output, judge in
      forEachEvidence(output) { word, line, spans, put in
        judge("without word \(word) of: \(line)", put(line.replacingCharacters(in: spans[word], with: "")))
        let blank = String(
          repeating: " ", count: line.distance(from: spans[word].lowerBound, to: spans[word].upperBound))
        judge(
          "a blank for word \(word) of: \(line)", put(line.replacingCharacters(in: spans[word], with: blank)))
      }
    }
  }

  @Test func everyDigitChanged() throws {
    var random = SeededGenerator("digits")
    try forEachVersion { output, judge in
      forEachEvidence(output) { word, line, spans, put in
        for index in line[spans[word]].indices where line[index].isNumber {
          // Nobody knows the outside network's prefix length.
          if line.hasPrefix("eth0"), line[spans[word]].prefix(upTo: index).contains("/") { continue }
          let others = "0123456789".filter { $0 != line[index] }
          guard let digit = others.randomElement(using: &random) else { continue }
          var changed = line
          changed.replaceSubrange(index...index, with: String(digit))
          judge("\(changed) for \(line)", put(changed))
        }
      }
    }
  }

  @Test func wordsSwapped() throws {
    try forEachVersion { output, judge in
      forEachEvidence(output) { word, line, spans, put in
        for other in spans.indices where line[spans[other]] != line[spans[word]] {
          let (low, high) = (min(word, other), max(word, other))
          var changed = line
          changed.replaceSubrange(spans[high], with: line[spans[low]])
          changed.replaceSubrange(spans[low], with: line[spans[high]])
          judge("\(changed) for \(line)", put(changed))
        }
      }
    }
  }

  /// A cell too many in a table shifts what stands right of it.
  @Test func columnsShifted() throws {
    try forEachVersion { output, judge in
      forEachEvidence(output) { word, line, spans, put in
        let isTable =
          line.hasPrefix("169.") || line.hasPrefix("eth") || line.hasPrefix("lo") || line.hasPrefix("vti")
        guard isTable || line.hasPrefix("peer-") || line.hasPrefix("nv-branch1") || line.hasPrefix("B>*")
        else { return }
        // A route's gateway follows the word `via`, wherever that stands.
        if line[spans[word]] == "via" { return }
        for cell in ["-", "0", "up", "10.0.0.1"] {
          var changed = line
          changed.insert(contentsOf: "\(cell) ", at: spans[word].lowerBound)
          judge("\(changed) for \(line)", put(changed))
        }
      }
    }
  }

  @Test func statesRenamed() throws {
    let renamed: [(answer: String, from: String, to: [String])] = [
      ("ipsec-sa", " up ", [" down ", " UP ", " upX ", " - "]),
      ("ipsec-connections", "up       IPsec", ["down     IPsec", "-        IPsec", "up       IKEv2"]),
      ("ipsec-connections", "up       IKEv2", ["down     IKEv2"]),
      ("interfaces", "u/u", ["u/D", "A/D", "D/D", "u/U", "-"]),
      (
        "bgp-summary", "           1 ",
        [
          "           0 ", "      Active ", "        Idle ", "     Connect ", "    OpenSent ",
          "        (NoNeg) ", "          -1 ", "           - ", " OpenConfirm ",
        ]
      ),
      ("bgp-summary", "00:00:1", ["never  ", "12345 ", "- "]),
      ("ip-route-bgp", "B>*", ["B>r", "B>q", "B> ", "B *", "B  ", "O>*", "B>b"]),
      ("ping-10.255.1.1", "3 received", ["2 received", "0 received", "4 received", "-3 received"]),
      ("ping-10.255.1.1", " 0% packet loss", [" 33% packet loss", " 100% packet loss", " 1% packet loss"]),
      ("ping-169.254.100.2", "3 packets", ["2 packets", "0 packets", "5 packets"]),
      ("ping-169.254.100.2", "icmp_seq=2 ttl=64", ["icmp_seq=2 ttl=64 (DUP!)"]),
      (
        "ping-169.254.100.2", "64 bytes from 169.254.100.2: icmp_seq=2",
        ["From 169.254.100.1 icmp_seq=2 Destination Host Unreachable"]
      ),
    ]
    try forEachVersion { output, judge in
      for (answer, from, replacements) in renamed {
        guard output.answers.contains(where: { $0.name == answer }) else { continue }
        #expect(output[answer].contains(from), "\(answer) has no \(from)")
        for range in output[answer].ranges(of: from) {
          // lo's state counts as much as every other one's.
          for to in replacements {
            var copy = output
            copy[answer] = output[answer].replacingCharacters(in: range, with: to)
            judge("\(answer): \(to) for \(from)", copy.text)
          }
        }
      }
    }
  }

  @Test func answersDroppedRepeatedOrExchanged() throws {
    try forEachVersion { output, judge in
      for (index, answer) in output.answers.enumerated() {
        var copy = output
        copy.answers.remove(at: index)
        judge("without \(answer.name)", copy.text)
        copy = output
        copy.answers.append(answer)
        judge("\(answer.name) twice", copy.text)
        copy = output
        copy[answer.name] = ""
        judge("\(answer.name) empty", copy.text)
        for other in output.answers where other.name != answer.name {
          copy = output
          copy[answer.name] = other.text
          judge("\(other.name) for \(answer.name)", copy.text)
        }
        for status in 1...9 {
          copy = output
          copy.end(answer.name, with: status)
          judge("\(answer.name) ended with \(status)", copy.text)
        }
      }
    }
  }

  /// Several changes at random places, over generated networks with several tunnels.
  @Test func randomDamage() throws {
    var random = SeededGenerator("mutations")
    var cases = 0
    while cases < 2000 {
      let network = try RandomNetwork(&random)
      let version = try #require(VyOSVersion.allCases.randomElement(using: &random))
      let hub = try #require(network.topology.routers.randomElement(using: &random))
      let expected = try network.topology.expectation(of: hub, network.hosts, version)
      if expected.peers.isEmpty { continue }
      let output = try RouterOutput.healthy(expected)
      for _ in 0..<40 {
        cases += 1
        let (what, text) = Self.damaged(output, expected, &random)
        if text == output.text { continue }
        let isHealthy = expected.verdict(on: text).isHealthy
        #expect(!isHealthy, "VyOS \(version.rawValue) comes out healthy: \(what)")
      }
    }
  }

  /// One tunnel's evidence is taken, given to another tunnel or spoilt.
  private static func damaged(
    _ output: RouterOutput, _ expected: SDWAN.Expectation, _ random: inout SeededGenerator
  ) -> (String, String) {
    let peer = expected.peers[Int.random(in: 0..<expected.peers.count, using: &random)]
    let other = expected.peers[Int.random(in: 0..<expected.peers.count, using: &random)]
    let (far, otherFar) = ("\(peer.link.far.address.address)", "\(other.link.far.address.address)")
    let pieces: [(answer: String, own: String, others: String)] = [
      ("ipsec-sa", " \(peer.eip) ", " \(other.eip) "),
      ("ipsec-sa", " \(peer.privateIP) ", " \(other.privateIP) "),
      ("bgp-summary", "\n\(far) ", "\n\(otherFar) "),
      ("ip-route-bgp", " \(peer.link.peer.loopback)/32", " \(other.link.peer.loopback)/32"),
      ("ip-route-bgp", " via \(far), \(peer.link.own.vti),", " via \(otherFar), \(other.link.own.vti),"),
      ("interfaces", "\n\(peer.link.own.vti) ", "\n\(other.link.own.vti) "),
      ("interfaces", " \(peer.link.own.address) ", " \(other.link.own.address) "),
    ]
    let (answer, own, others) = pieces[Int.random(in: 0..<pieces.count, using: &random)]
    var copy = output
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      copy[answer] = output[answer].replacingOccurrences(of: own, with: others)
      return ("\(answer): \(others) for \(own)", copy.text)
    case 1:
      let lines = output[answer].split(separator: "\n", omittingEmptySubsequences: false)
      copy[answer] = lines.filter { !"\n\($0) ".contains(own) }.joined(separator: "\n")
      return ("\(answer) without \(own)", copy.text)
    default:
      // A hole that takes at least one mark away.
      let text = output.text
      let marks = text.ranges(of: "=====[ ")
      let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
      let back = Int.random(in: 0...200, using: &random)
      let from = text.index(mark.lowerBound, offsetBy: -back, limitedBy: text.startIndex) ?? text.startIndex
      let length = Int.random(in: 1...2000, using: &random)
      let to = text.index(mark.upperBound, offsetBy: length, limitedBy: text.endIndex) ?? text.endIndex
      return (
        "a hole from \(text[from...].prefix(40)) to \(text[..<to].suffix(40))",
        String(text[..<from] + text[to...])
      )
    }
  }
}
