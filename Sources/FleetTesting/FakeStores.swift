import AWSClient
import Groundwork
// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import HTTPClient

/// Parameter Store, the instances' agents, and S3.
extension FakeSystemsManager {
  /// Ten parameters at a time, as the service has it.
  func page(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    if state.withLock({ $0.denied.contains(region) }) { return .error("AccessDeniedException") }
    let below = (call.body["Path"] ?? "") + "/"
    let all = state.withLock { $0.parameters[region] ?? [:] }.filter { $0.key.hasPrefix(below) }
      .sorted { $0.key < $1.key }
    let start = Int(call.body["NextToken"] ?? "") ?? 0
    let page = all.dropFirst(start).prefix(10).map { ["Name": $0.key, "Value": $0.value] }
    var output: [String: Any] = ["Parameters": page]
    if start + 10 < all.count { output["NextToken"] = String(start + 10) }
    return .json(object: output)
  }

  /// Names without values, of one level of a hierarchy; fifty at a time.
  func described(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    if state.withLock({ $0.denied.contains(region) }) { return .error("AccessDeniedException") }
    let filters = call.object["ParameterFilters"] as? [[String: Any]] ?? []
    guard filters.count == 1, filters[0]["Key"] as? String == "Path",
      filters[0]["Option"] as? String == "OneLevel", let paths = filters[0]["Values"] as? [String],
      let size = call.object["MaxResults"] as? Int, (1...50).contains(size)
    else { return .error("ValidationException") }
    let all = state.withLock { $0.parameters[region] ?? [:] }.keys.sorted().filter { name in
      paths.contains { name.hasPrefix($0 + "/") && !name.dropFirst($0.count + 1).contains("/") }
    }
    let start = Int(call.body["NextToken"] ?? "") ?? 0
    var output: [String: Any] = [
      "Parameters": all.dropFirst(start).prefix(size).map { ["Name": $0, "Type": "SecureString"] }
    ]
    if start + size < all.count { output["NextToken"] = String(start + size) }
    return .json(object: output)
  }

  func online(_ call: FakeService.Call) -> HTTPResponse {
    let ids = ((call.object["Filters"] as? [[String: Any]])?.first?["Values"] as? [String]) ?? []
    let offline = state.withLock { $0.offline }
    return .json(object: [
      "InstanceInformationList": ids.map { id in
        [
          "InstanceId": id,
          "PingStatus": offline.contains(instances[id]?.name ?? "") ? "ConnectionLost" : "Online",
        ]
      }
    ])
  }

  func object(_ request: HTTPRequest) -> HTTPResponse {
    let path = String(request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)[2])
    if request.method == .put {
      store(path, request.body)
      return HTTPResponse(status: 200)
    }
    guard let body = objects[path] else {
      return HTTPResponse(status: 404, body: Array("<Error><Code>NoSuchKey</Code></Error>".utf8))
    }
    return HTTPResponse(status: 200, body: body)
  }
}

extension FakeService.Call {
  /// The body as JSON; empty where it is none.
  var object: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
  }
}

extension HTTPResponse {
  /// A success with a JSON object.
  static func json(object: [String: Any]) -> HTTPResponse {
    let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    return .json(String(decoding: data, as: UTF8.self))
  }
}
