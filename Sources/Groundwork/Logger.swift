import Glibc

/// Writes log lines, one line each, as Lambda's advanced logging controls ask for
/// (`AWS_LAMBDA_LOG_FORMAT`, `AWS_LAMBDA_LOG_LEVEL`).
public struct Logger: Sendable {
  private let isJSON: Bool
  private let threshold: LogLevel
  private let clock: @Sendable () -> UnixTime
  private let write: @Sendable ([UInt8]) -> Void
  private var requestID: String?

  /// - Parameter write: takes a whole line with its newline.
  public init(
    environment: (String) -> String?, clock: @escaping @Sendable () -> UnixTime,
    write: @escaping @Sendable ([UInt8]) -> Void = Logger.standardOutput
  ) {
    isJSON = environment("AWS_LAMBDA_LOG_FORMAT")?.uppercased() == "JSON"
    threshold = environment("AWS_LAMBDA_LOG_LEVEL").flatMap { LogLevel(rawValue: $0.uppercased()) } ?? .info
    self.clock = clock
    self.write = write
  }

  /// A logger whose every line carries the request id.
  public func forRequest(_ requestID: String) -> Logger {
    var logger = self
    logger.requestID = requestID
    return logger
  }

  /// One `write(2)` a line, so that lines never mix.
  public static let standardOutput: @Sendable ([UInt8]) -> Void = { line in
    var rest = line[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Writes a line, unless the level is below the threshold. Payloads and secrets do not belong in it.
  public func log(_ level: LogLevel, _ message: String, _ fields: [(name: String, value: String)] = []) {
    guard level >= threshold else { return }
    let time = clock().utc.extended
    write(isJSON ? jsonLine(time, level, message, fields) : textLine(time, level, message, fields))
  }

  /// Writes metrics, a line of CloudWatch's embedded metric format, whatever the level: an alarm must not fall
  /// silent because somebody wants fewer log lines. With the JSON log format the line's own fields stand before
  /// the metrics'; otherwise it goes out as it is, for it has to be JSON.
  /// - Parameter json: one object with at least one member and no newline in it.
  public func measure(_ json: [UInt8]) {
    guard isJSON else { return write(json + [UInt8(ascii: "\n")]) }
    var line = beginning(clock().utc.extended, .info, "metrics")
    line.append(raw: ",")
    write(line.bytes + json.dropFirst() + [UInt8(ascii: "\n")])
  }

  private func jsonLine(
    _ time: String, _ level: LogLevel, _ message: String, _ fields: [(name: String, value: String)]
  ) -> [UInt8] {
    var line = beginning(time, level, message)
    for field in fields {
      line.append(raw: ",")
      line.append(string: field.name)
      line.append(raw: ":")
      line.append(string: field.value)
    }
    line.append(raw: "}\n")
    return line.bytes
  }

  /// An object's first members, without its end.
  private func beginning(_ time: String, _ level: LogLevel, _ message: String) -> JSONText {
    var line = JSONText()
    line.append(raw: "{\"timestamp\":")
    line.append(string: time)
    line.append(raw: ",\"level\":")
    line.append(string: level.rawValue)
    if let requestID {
      line.append(raw: ",\"requestId\":")
      line.append(string: requestID)
    }
    line.append(raw: ",\"message\":")
    line.append(string: message)
    return line
  }

  private func textLine(
    _ time: String, _ level: LogLevel, _ message: String, _ fields: [(name: String, value: String)]
  ) -> [UInt8] {
    var text = "\(time) \(level.rawValue)"
    if let requestID { text += " RequestId: \(requestID)" }
    text += " \(message)"
    for field in fields { text += " \(field.name)=\(field.value)" }
    return Self.oneLine(text) + [UInt8(ascii: "\n")]
  }

  /// A blank for each control character: those of ASCII, and the 32 behind U+0080, which begin with the byte C2.
  private static func oneLine(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 1)
    for byte in text.utf8 {
      if byte < 0x20 || byte == 0x7F {
        bytes.append(UInt8(ascii: " "))
      } else if (0x80...0x9F).contains(byte), bytes.last == 0xC2 {
        bytes[bytes.count - 1] = UInt8(ascii: " ")
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
