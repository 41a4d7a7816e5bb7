import AWSClient
import FleetTesting
import Foundation
import HTTPClient
import SSMKit
import Synchronization

/// Parameter Store as its documentation has it, for tests: stricter than the emulators, which take what it refuses.
final class StrictParameters: Sendable {
  struct Kept: Sendable {
    var values: [String]
    var kind: String
    var tier: String
    var tags: [String: String]
    var labels: [String: Int] = [:]
  }

  private let kept = Mutex<[String: Kept]>([:])
  /// How many calls of each operation there were.
  var calls: [String] { log.withLock { $0 } }
  private let log = Mutex<[String]>([])

  var all: [String: Kept] { kept.withLock { $0 } }

  func service() -> FakeService {
    FakeService { call, _ in
      self.log.withLock { $0.append(call.operation) }
      let body = (try? JSONSerialization.jsonObject(with: Data(call.request.body))) as? [String: Any] ?? [:]
      return self.kept.withLock { Self.answer(call.operation, body, &$0) }
    }
  }

  private static func json(_ object: [String: Any]) -> HTTPResponse {
    .json(String(decoding: (try? JSONSerialization.data(withJSONObject: object)) ?? Data(), as: UTF8.self))
  }

  private static func told(_ name: String, _ kept: Kept, version: Int? = nil) -> [String: Any] {
    let version = version ?? kept.values.count
    return [
      "Name": name, "Value": kept.values[version - 1], "Type": kept.kind, "Version": version,
      "Labels": kept.labels.filter { $0.value == version }.map(\.key).sorted(),
    ]
  }

  private static func answer(
    _ operation: String, _ body: [String: Any], _ kept: inout [String: Kept]
  ) -> HTTPResponse {
    let name = body["Name"] as? String ?? ""
    switch operation {
    case "PutParameter": return put(name, body, &kept)
    case "GetParametersByPath":
      let path = body["Path"] as? String ?? ""
      let names = kept.keys.filter { $0.hasPrefix(path + "/") }.sorted()
      let begin = Int(body["NextToken"] as? String ?? "0") ?? 0
      let page = names.dropFirst(begin).prefix(body["MaxResults"] as? Int ?? 10)
      var answer: [String: Any] = ["Parameters": page.compactMap { n in kept[n].map { told(n, $0) } }]
      if begin + page.count < names.count { answer["NextToken"] = "\(begin + page.count)" }
      return json(answer)
    case "DeleteParameters":
      let names = body["Names"] as? [String] ?? []
      guard (1...10).contains(names.count) else { return .error("ValidationException") }
      let missing = names.filter { kept.removeValue(forKey: $0) == nil }
      return json(["DeletedParameters": names.filter { !missing.contains($0) }, "InvalidParameters": missing])
    case "GetParameter":
      let parts = name.split(separator: ":").map(String.init)
      guard let found = kept[parts[0]] else { return .error("ParameterNotFound") }
      guard parts.count == 2 else { return json(["Parameter": told(name, found)]) }
      guard let version = Int(parts[1]) ?? found.labels[parts[1]], found.values.indices.contains(version - 1)
      else { return .error("ParameterVersionNotFound") }
      return json(["Parameter": told(parts[0], found, version: version)])
    case "GetParameterHistory":
      guard let found = kept[name] else { return .error("ParameterNotFound") }
      return json(["Parameters": found.values.indices.map { told(name, found, version: $0 + 1) }])
    case "LabelParameterVersion":
      let labels = body["Labels"] as? [String] ?? []
      let bad = labels.filter { $0.hasPrefix("aws") }
      let version = body["ParameterVersion"] as? Int ?? kept[name]?.values.count
      for label in labels where !bad.contains(label) { kept[name]?.labels[label] = version }
      return json(["InvalidLabels": bad])
    default: return .error("UnknownOperationException")
    }
  }

  private static func put(
    _ name: String, _ body: [String: Any], _ kept: inout [String: Kept]
  ) -> HTTPResponse {
    let value = body["Value"] as? String ?? ""
    let kind = body["Type"] as? String ?? ""
    let tier = body["Tier"] as? String ?? "Standard"
    let tags = body["Tags"] as? [[String: String]]
    let isOver = body["Overwrite"] as? Bool ?? false
    let plain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || "/-_.".utf8.contains($0)
    }
    let levels = name.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard plain, name.hasPrefix("/"), levels.count <= 15, levels.allSatisfy({ !$0.isEmpty }),
      !value.isEmpty, !value.contains("{{")
    else { return .error("ValidationException") }
    guard value.utf8.count <= (tier == "Advanced" ? 8192 : 4096) else { return .error("ValidationException") }
    guard tags == nil || !isOver else { return .error("ValidationException") }
    if let old = kept[name] {
      guard isOver else { return .error("ParameterAlreadyExists") }
      guard old.kind == kind else { return .error("HierarchyTypeMismatch") }
      guard old.tier == tier || tier == "Advanced" else {
        let words = "This parameter uses the advanced-parameter tier. You can't downgrade it."
        let body = #"{"__type": "ValidationException", "message": "\#(words)"}"#
        return HTTPResponse(status: 400, headers: [:], body: Array(body.utf8))
      }
      kept[name]?.values.append(value)
      kept[name]?.tier = tier
    } else {
      let pairs = (tags ?? []).map { ($0["Key"] ?? "", $0["Value"] ?? "") }
      kept[name] = Kept(
        values: [value], kind: kind, tier: tier, tags: Dictionary(pairs) { first, _ in first })
    }
    return json(["Version": kept[name]?.values.count ?? 0, "Tier": tier])
  }
}
