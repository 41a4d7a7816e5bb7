/// What a router counted and measured.
struct Numbers: Sendable, Equatable, Encodable {
  /// Three small packets to an address.
  struct Ping: Sendable, Equatable, Encodable {
    var sent: Int
    var received: Int
    /// Percent.
    var loss: Int
    /// The mean, in milliseconds; nil where nothing came back.
    var roundTrip: Double?

    enum CodingKeys: String, CodingKey {
      case sent, received, loss
      case roundTrip = "rtt_ms"
    }
  }

  /// The SA of a tunnel.
  struct Tunnel: Sendable, Equatable, Encodable {
    /// Seconds.
    var uptime: Int
    /// As VyOS rounds them: 21K are 21,504.
    var bytesIn: Int
    var bytesOut: Int

    enum CodingKeys: String, CodingKey {
      case uptime = "uptime_s"
      case bytesIn = "bytes_in"
      case bytesOut = "bytes_out"
    }
  }

  /// By address.
  var ping: [String: Ping] = [:]
  /// By the peer's name.
  var sa: [String: Tunnel] = [:]

  var isEmpty: Bool { ping.isEmpty && sa.isEmpty }
}

extension Numbers.Ping {
  init(_ report: PingReport) {
    sent = report.sent
    received = report.received
    loss = report.sent == 0 ? 0 : (100 * (report.sent - report.received) + report.sent / 2) / report.sent
    roundTrip = report.roundTrip
  }
}

extension Numbers.Tunnel {
  /// nil for an SA that is not up.
  init?(_ association: SecurityAssociation) {
    let bytes = association.bytes.split(separator: "/", omittingEmptySubsequences: false).map(Self.count)
    guard association.isUp, bytes.count == 2, let bytesIn = bytes[0], let bytesOut = bytes[1],
      let uptime = Self.seconds(association.uptime)
    else { return nil }
    (self.uptime, self.bytesIn, self.bytesOut) = (uptime, bytesIn, bytesOut)
  }

  /// `41m7s`, `1w2d`; nothing in the first second after a rekey.
  private static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000]
    var (seconds, digits) = (0, "")
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        guard let number = Int(digits), let unit = units[character] else { return nil }
        let (part, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        let (sum, overflows) = seconds.addingReportingOverflow(part)
        guard !isTooLarge, !overflows else { return nil }
        (seconds, digits) = (sum, "")
      }
    }
    return digits.isEmpty ? seconds : nil
  }

  /// `0`, `0B`, `301`, `21K`, `3M`: units of 1,024.
  private static func count(_ text: Substring) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let powers: [Substring: Int] = ["": 0, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5]
    guard let number = Int(digits), let power = powers[text.dropFirst(digits.count)] else { return nil }
    let (count, isTooLarge) = number.multipliedReportingOverflow(by: 1 << (10 * power))
    return isTooLarge ? nil : count
  }
}
