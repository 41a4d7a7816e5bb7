import Foundation
import Testing

@testable import SDWAN

/// A router's captured outputs. 1.5 prints what 1.4 does.
enum Fixture {
  static func text(_ name: String) throws -> String {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "txt"))
    return try String(contentsOf: url, encoding: .utf8)
  }

  static func text(_ version: VyOSVersion, _ command: String, _ state: String) throws -> String {
    try text("\(version == .v1_3 ? "1.3" : "1.4")-\(command)-\(state)")
  }

  /// A report of `ping`, of another address than the captured one.
  static func ping(_ target: String, isAnswered: Bool = true) throws -> String {
    let captured = isAnswered ? ("ping-ok", "10.255.1.1") : ("ping-fail", "169.254.100.2")
    return try text(captured.0).replacingOccurrences(of: captured.1, with: target)
  }

  /// A report of one packet of the tunnel's full size.
  static func fullSizePing(_ target: String, isAnswered: Bool = true) throws -> String {
    try text("full-size-ping-\(isAnswered ? "ok" : "fail")")
      .replacingOccurrences(of: "169.254.100.2", with: target)
  }
}

extension ConfigurationLine {
  var call: String {
    var script = ""
    appendCall(to: &script)
    return String(script.dropLast())
  }
}
