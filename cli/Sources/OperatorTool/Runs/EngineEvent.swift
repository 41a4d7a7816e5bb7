import Foundation

/// An event of the engine, as the parameters of the task that sends it have it: `TITLE wave started` and so on
/// (docs/events.md).
struct EngineEvent: Sendable {
  enum Kind: Sendable, Equatable {
    case executionStarted
    case executionEnded
    case waveStarted
    /// With its status in capitals.
    case waveEnded(String)
    case stepStarted
    case stepEnded
    case approvalWanted
    case other
  }

  let kind: Kind
  let detail: Detail

  /// nil where the text is no such event.
  init?(_ parameters: String?) {
    guard let parameters,
      let entry = try? JSONDecoder().decode(Parameters.self, from: Data(parameters.utf8)).entries.first
    else { return nil }
    detail = entry.detail
    kind = Self.kind(entry.type)
  }

  /// What the title in front is, a deployment decides.
  private static func kind(_ type: String) -> Kind {
    let words = type.split(separator: " ").suffix(2).map(String.init)
    guard words.count == 2 else { return .other }
    switch (words[0], words[1]) {
    case ("execution", "started"): return .executionStarted
    case ("execution", _): return .executionEnded
    case ("wave", "started"): return .waveStarted
    case ("wave", let status): return .waveEnded(status.uppercased())
    case ("step", "started"): return .stepStarted
    case ("step", _): return .stepEnded
    case ("approval", "wanted"): return .approvalWanted
    default: return .other
    }
  }

  private struct Parameters: Decodable {
    struct Entry: Decodable {
      var type: String
      var detail: Detail

      private enum CodingKeys: String, CodingKey {
        case type = "DetailType"
        case detail = "Detail"
      }
    }

    var entries: [Entry]

    private enum CodingKeys: String, CodingKey { case entries = "Entries" }
  }

  /// What it tells, as far as it tells it.
  struct Detail: Decodable, Sendable {
    var wave: String?
    var step: String?
    var reason: String?
    var summary: String?
    var error: String?
    var token: String?
    var successCount: Int?
    var failCount: Int?
    var failed: [String]
    /// The waves' names, where it tells them.
    var names: [String]
    /// The names of a wave's steps, where it tells them.
    var steps: [String]
    /// How many items it is about.
    var items: Int?

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    /// Numbers that count something else than items, whose name is the deployment's (`instances`, `servers`).
    private static let counts: Set = ["success_count", "fail_count", "unknown_count", "left_out"]

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      func text(_ name: String) -> String? { try? fields.decode(String.self, forKey: Key(stringValue: name)) }
      func number(_ name: String) -> Int? { try? fields.decode(Int.self, forKey: Key(stringValue: name)) }
      func list(_ name: String) -> [String] {
        (try? fields.decode([String].self, forKey: Key(stringValue: name))) ?? []
      }
      (wave, step, reason) = (text("wave"), text("step"), text("reason"))
      (summary, error, token) = (text("summary"), text("error"), text("task_token"))
      (successCount, failCount) = (number("success_count"), number("fail_count"))
      (failed, names, steps) = (list("failed"), list("waves"), list("steps"))
      items =
        fields.allKeys.lazy.map(\.stringValue).filter { !Self.counts.contains($0) }.compactMap(number)
        .first
    }
  }
}
