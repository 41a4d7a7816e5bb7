/// What may change in a healthy router's output without making it say anything else. All other words are
/// evidence: no change of them may leave a router healthy.
struct Harmless {
  /// Which answers.
  var answer: String
  /// How the line begins; empty for any.
  var line: String
  /// Places of the words; nil for all.
  var words: Set<Int>?
  var because: String

  static let all: [Harmless] = [
    Harmless(answer: "bgp-summary", line: "IPv4 Unicast Summary", because: "a title"),
    Harmless(answer: "bgp-summary", line: "BGP table version", because: "a counter"),
    Harmless(answer: "bgp-summary", line: "RIB entries", because: "a figure of memory"),
    Harmless(answer: "bgp-summary", line: "Peers ", because: "a figure of memory"),
    Harmless(
      answer: "bgp-summary", line: "BGP router identifier", words: [8, 9],
      because: "the question names no VRF, so the answer is about the default one"),
    Harmless(
      answer: "bgp-summary", line: "Neighbor", words: [10, 11], because: "names of columns that say nothing"),
    Harmless(
      answer: "bgp-summary", line: "169.", words: [3, 4, 5, 6, 7, 8, 10, 11],
      because: "counters of messages and of sent prefixes, the uptime and the description"),
    Harmless(
      answer: "bgp-summary", line: "169.", words: [9],
      because: "another number of prefixes is as good; none at all is tested by itself"),
    Harmless(
      answer: "bgp-summary", line: "Total number", words: [4],
      because: "how many lines other people's neighbors take is nobody's business"),
    Harmless(answer: "interfaces", line: "Codes:", because: "a legend"),
    Harmless(answer: "interfaces", line: "----", because: "decoration"),
    Harmless(
      answer: "interfaces", line: "Interface", words: [3, 4, 5, 7],
      because: "names of columns that say nothing"),
    Harmless(
      answer: "interfaces", line: "eth0", words: [2, 3, 4, 6, 7], because: "MAC, VRF, MTU and description"),
    Harmless(
      answer: "interfaces", line: "eth1", words: [1, 2, 3, 4, 6, 7],
      because: "nobody knows the inside address; MAC, VRF, MTU and description"),
    Harmless(
      answer: "interfaces", line: "lo", words: [1, 2, 3, 4], because: "127.0.0.1 is nobody's business"),
    Harmless(
      answer: "interfaces", line: "vti0", words: [2, 3, 4, 6], because: "MAC, VRF, MTU and description"),
    Harmless(
      answer: "interfaces", line: " ::1/128", because: "the loopback's IPv6 address is nobody's business"),
    Harmless(answer: "ip-route-bgp", line: "B>*", words: [2, 6, 7, 8], because: "distance, weight and age"),
    Harmless(answer: "ipsec-", line: "----", because: "decoration"),
    Harmless(
      answer: "ipsec-sa", line: "peer-", words: [0, 2, 3, 4],
      because: "the connection's label, its age and traffic"),
    Harmless(
      answer: "ipsec-sa", line: "nv-branch1-vti", words: [0, 2, 3, 4],
      because: "the connection's label, its age and traffic"),
    Harmless(
      answer: "ipsec-connections", line: "nv-branch1", words: [0, 4, 5],
      because: "the connection's label and the selectors: what goes in is BGP's decision"),
    Harmless(answer: "ipsec-connections", line: " ::/0", because: "the IPv6 selector"),
    Harmless(answer: "ping-", line: "PING", words: [3, 4, 5, 6], because: "sizes"),
    Harmless(
      answer: "ping-", line: "64", words: [0, 4, 5, 6, 7], because: "size, sequence, TTL and time of a reply"),
    Harmless(answer: "ping-", line: "3 packets", words: [1, 6, 7, 8, 9], because: "wording and time"),
    Harmless(answer: "ping-", line: "rtt", because: "times"),
    Harmless(answer: "full-size-ping-", line: "PING", words: [4, 5, 6], because: "wording"),
    Harmless(
      answer: "full-size-ping-", line: "1402", words: [0, 4, 5, 6, 7],
      because: "size, sequence, TTL and time of a reply: the size that was sent stands above"),
    Harmless(
      answer: "full-size-ping-", line: "1 packets", words: [1, 6, 7, 8, 9], because: "wording and time"),
    Harmless(answer: "full-size-ping-", line: "rtt", because: "times"),
  ]

  init(answer: String, line: String, words: Set<Int>? = nil, because: String) {
    (self.answer, self.line, self.words, self.because) = (answer, line, words, because)
  }

  func covers(_ word: Int?, of line: String, in answer: String) -> Bool {
    let isLine =
      self.line.hasPrefix(" ")
      ? line.hasPrefix(" ") && line.contains(self.line.dropFirst()) : line.hasPrefix(self.line)
    guard answer.hasPrefix(self.answer), isLine else { return false }
    guard let words else { return true }
    return word.map(words.contains) ?? false
  }

  /// Whether a word, or a whole line, is no evidence.
  static func isHarmless(_ word: Int?, of line: String, in answer: String) -> Bool {
    all.contains { $0.covers(word, of: line, in: answer) }
  }
}
