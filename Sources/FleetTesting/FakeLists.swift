import AWSClient
// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import HTTPClient

/// Run Command's lists: the newest first, everybody's, page by page, and behind what was sent.
extension FakeSystemsManager {
  /// What a list tells of an output, stdout and stderr together.
  private static let longestListedOutput = 2500
  private static let keys: Set = [
    "InvokedAfter", "InvokedBefore", "Status", "ExecutionStage", "DocumentName",
  ]

  /// Commands as they were sent, of one instance, or of one status, or all.
  func listCommands(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    list(call, region, as: "Commands") { command, others in
      let statuses = Set(others.map { standing(of: $0).status })
      return [
        "CommandId": command.id, "Comment": command.comment,
        "InstanceIds": others.compactMap { id(of: $0) },
        "Status": statuses.count == 1 ? statuses.first ?? "" : "InProgress",
      ]
    }
  }

  /// Commands as they stand on each of their instances.
  func listInvocations(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    let hasDetails = call.object["Details"] as? Bool ?? false
    return list(call, region, as: "CommandInvocations") { command, _ in
      let standing = standing(of: command)
      let steps: [[String: Any]] = [
        [
          "Name": "aws:runShellScript", "Status": standing.status, "ResponseCode": standing.code,
          "Output": standing.answer.map(Self.listed) ?? "",
        ]
      ]
      return [
        "CommandId": command.id, "InstanceId": id(of: command) ?? "", "Comment": command.comment,
        "Status": standing.status, "StatusDetails": standing.status,
        "CommandPlugins": hasDetails ? steps : [],
      ]
    }
  }

  private static func listed(_ answer: Answer) -> String {
    let text = answer.stdout + (answer.stderr.isEmpty ? "" : "\n----------ERROR-------\n\(answer.stderr)")
    let mark = "\n--output truncated--"
    guard text.count > longestListedOutput else { return text }
    return text.prefix(longestListedOutput - mark.count) + mark
  }

  private func id(of command: Command) -> String? { ids[command.instance] }

  private func list(
    _ call: FakeService.Call, _ region: Region, as name: String,
    _ entry: (Command, _ others: [Command]) -> [String: Any]
  ) -> HTTPResponse {
    let body = call.object
    let filters = body["Filters"] as? [[String: String]] ?? []
    let size = body["MaxResults"] as? Int ?? 50
    guard (1...50).contains(size), filters.count <= 5 else { return .error("ValidationException") }
    guard filters.allSatisfy({ Self.keys.contains($0["key"] ?? "") && ($0["value"] ?? "").utf8.count <= 128 })
    else { return .error("InvalidFilterKey") }
    func filter(_ key: String) -> String? { filters.first { $0["key"] == key }?["value"] }
    let after = filter("InvokedAfter").flatMap(Self.moment)
    if after == nil, filter("InvokedAfter") != nil { return .error("ValidationException") }

    let showsNothing = state.withLock { state in
      defer { state.emptyLooks = max(state.emptyLooks - 1, 0) }
      return state.emptyLooks > 0
    }
    if showsNothing { return .json(object: [name: [String]()]) }

    let (all, lag, strangers) = state.withLock { ($0.commands, $0.lag, $0.strangers[region] ?? 0) }
    let here = Set(instances.values.lazy.filter { $0.region == region }.map(\.name))
    let now = clock.now()
    let shown = all.filter { command in
      guard here.contains(command.instance), now - command.sent >= lag else { return false }
      if let after, clock.wall() - (now - command.sent) < after { return false }
      if let id = body["CommandId"] as? String, id != command.id { return false }
      if let id = body["InstanceId"] as? String, instances[id]?.name != command.instance { return false }
      return filter("Status").map { $0 == standing(of: command).status } ?? true
    }
    let byID = Dictionary(grouping: all, by: \.id)
    var seen: Set<String> = []
    // A command that went to many is one, though each of them has it.
    let ours = shown.reversed().filter { name != "Commands" || seen.insert($0.id).inserted }
    return page(ours.count + strangers, size, body) { index in
      index < strangers
        ? Self.stranger(index) : entry(ours[index - strangers], byID[ours[index - strangers].id] ?? [])
    }.map { .json(object: [name: $0.entries].merging($0.next) { $1 }) } ?? .error("InvalidNextToken")
  }

  /// A page of a list; nil for a token that the question never got.
  private func page(
    _ count: Int, _ size: Int, _ body: [String: Any], _ entry: (Int) -> [String: Any]
  ) -> (entries: [[String: Any]], next: [String: Any])? {
    var question = body
    question["NextToken"] = nil
    let about =
      (try? JSONSerialization.data(withJSONObject: question, options: .sortedKeys))?.base64EncodedString()
      ?? ""
    var start = 0
    if let token = body["NextToken"] as? String {
      let parts = token.split(separator: "|", maxSplits: 1)
      guard parts.count == 2, parts[1] == about, let place = Int(parts[0]) else { return nil }
      start = place
    }
    let end = min(start + size, count)
    return (
      start < end ? (start..<end).map(entry) : [], end < count ? ["NextToken": "\(end)|\(about)"] : [:]
    )
  }

  private static func stranger(_ number: Int) -> [String: Any] {
    [
      "CommandId": "stranger-\(number)", "InstanceId": "i-0fedcba987654321f", "Comment": "backup \(number)",
      "InstanceIds": ["i-0fedcba987654321f"], "Status": "InProgress", "StatusDetails": "InProgress",
      "CommandPlugins": [["Name": "aws:runPatchBaseline", "Output": String(repeating: "x", count: 2500)]],
    ]
  }

  /// `2026-01-31T12:00:00Z`; nil for anything else.
  private static func moment(_ text: String) -> UnixTime? {
    guard text.count == 20 else { return nil }
    return ISO8601DateFormatter().date(from: text).map { UnixTime(seconds: $0.timeIntervalSince1970) }
  }
}
