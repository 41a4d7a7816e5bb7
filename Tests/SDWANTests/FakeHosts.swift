import AWSClient
import Foundation
import HTTPClient
import SSMKit
import Synchronization
import FleetTesting

@testable import SDWAN

/// Systems Manager with the parameters and hosts of a network; a host answers what the test says.
final class FakeHosts: Sendable {
  /// How a host answers a command.
  struct Answer: Sendable {
    var status = "Success"
    var stdout = ""
    var stderr = ""
  }

  /// A command as it was sent.
  struct Command: Sendable, Equatable {
    var id: String
    var router: String
    var comment: String
    var document = ""
    var parameters: [String: [String]] = [:]
    var isCancelled = false
  }

  private struct State {
    var parameters: [Region: [String: String]] = [:]
    /// Scripts by router, in the order in which they were sent.
    var scripts: [String: [String]] = [:]
    var regions: [String: Set<String>] = [:]
    var commands: [Command] = []
    /// S3, by path.
    var objects: [String: [UInt8]] = [:]
    /// Routers whose commands have not ended.
    var busy: Set<String> = []
    /// How many more looks at the history show nothing.
    var emptyLooks = 0
    /// Regions whose parameters may not be read.
    var denied: Set<Region> = []
  }

  let topology: Topology
  private let state: Mutex<State>
  private let names: [String: String]
  private let answer: @Sendable (_ command: Command, _ number: Int) -> Answer
  /// What Run Command keeps of an output.
  private static let longestOutput = 24_000

  convenience init(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host],
    _ answer: @escaping @Sendable (_ router: String, _ number: Int) -> Answer
  ) {
    self.init(topology, hosts, byCommand: { command, number in answer(command.router, number) })
  }

  /// - Parameter answer: what a command says, the how manieth it is of its router.
  static func byCommand(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host],
    _ answer: @escaping @Sendable (_ command: Command, _ number: Int) -> Answer
  ) -> FakeHosts {
    FakeHosts(topology, hosts, byCommand: answer)
  }

  private init(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host],
    byCommand answer: @escaping @Sendable (_ command: Command, _ number: Int) -> Answer
  ) {
    self.topology = topology
    self.answer = answer
    names = Dictionary(uniqueKeysWithValues: hosts.map { ($1.instanceID, $0) })
    var state = State()
    for router in topology.routers {
      guard let host = hosts[router.name] else { continue }
      for (type, value) in [
        ("instance-id", host.instanceID), ("outside-eip", "\(host.eip)"),
        ("outside-private-ip", "\(host.privateIP)"),
      ] {
        state.parameters[router.region, default: [:]]["/sdwan/\(router.name)/\(type)"] = value
      }
    }
    self.state = Mutex(state)
  }

  /// Changes a parameter, or takes it away.
  func set(_ path: String, in region: Region, to value: String?) {
    state.withLock { $0.parameters[region]?[path] = value }
  }

  func deny(_ region: Region) { state.withLock { _ = $0.denied.insert(region) } }

  func removeAllParameters() { state.withLock { $0.parameters = [:] } }

  /// What was sent, in this order.
  var commands: [Command] { state.withLock { $0.commands } }

  /// From now on these routers' commands have not ended.
  func keepBusy(_ routers: Set<String>) { state.withLock { $0.busy = routers } }

  /// So many looks at the history show nothing yet.
  func lag(looks: Int) { state.withLock { $0.emptyLooks = looks } }

  var scripts: [String: [String]] { state.withLock { $0.scripts } }
  /// The endpoints that a router's commands went to.
  var regions: [String: Set<String>] { state.withLock { $0.regions } }

  var service: FakeService {
    FakeService { call, _ throws(HTTPError) in
      if call.request.url.contains("//s3.") { return self.object(call.request) }
      switch call.operation {
      case "GetParametersByPath": return self.page(call)
      case "SendCommand": return self.send(call)
      case "GetCommandInvocation": return self.invocation(call)
      case "ListCommands": return self.list(call)
      case "CancelCommand": return self.cancel(call)
      case "DescribeInstanceInformation": return self.online(call)
      default: return .error("InvalidAction")
      }
    }
  }

  private func region(_ call: FakeService.Call) -> Region {
    call.request.url.contains("eu-central-1") ? .frankfurt : .virginia
  }

  /// Ten parameters at a time, as the service has it.
  private func page(_ call: FakeService.Call) -> HTTPResponse {
    if state.withLock({ $0.denied.contains(region(call)) }) { return .error("AccessDeniedException") }
    let below = (call.body["Path"] ?? "") + "/"
    let all = state.withLock { $0.parameters[region(call)] ?? [:] }.filter { $0.key.hasPrefix(below) }
      .sorted { $0.key < $1.key }
    let start = Int(call.body["NextToken"] ?? "") ?? 0
    let page = all.dropFirst(start).prefix(10).map { ["Name": $0.key, "Value": $0.value] }
    var output: [String: Any] = ["Parameters": page]
    if start + 10 < all.count { output["NextToken"] = String(start + 10) }
    return json(output)
  }

  private func send(_ call: FakeService.Call) -> HTTPResponse {
    let body = object(call)
    guard let id = (body["InstanceIds"] as? [String])?.first, let router = names[id],
      let parameters = body["Parameters"] as? [String: [String]]
    else { return .error("InvalidInstanceId") }
    let commandID = state.withLock {
      $0.scripts[router, default: []].append(parameters["commands"]?.first ?? "")
      $0.regions[router, default: []].insert(region(call).name)
      let number = $0.scripts[router]?.count ?? 0
      let commandID = number == 1 ? "command-\(router)" : "command-\(router)-\(number)"
      $0.commands.append(
        Command(
          id: commandID, router: router, comment: body["Comment"] as? String ?? "",
          document: body["DocumentName"] as? String ?? "", parameters: parameters))
      return commandID
    }
    return json(["Command": ["CommandId": commandID]])
  }

  /// What lies in S3, by bucket and key.
  var objects: [String: [UInt8]] { state.withLock { $0.objects } }

  func store(_ path: String, _ bytes: [UInt8]) { state.withLock { $0.objects[path] = bytes } }

  private func object(_ request: HTTPRequest) -> HTTPResponse {
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

  private func isBusy(_ router: String) -> Bool { state.withLock { $0.busy.contains(router) } }

  /// The history of an instance, or of a region's commands of one status.
  private func list(_ call: FakeService.Call) -> HTTPResponse {
    let isEmpty = state.withLock { state in
      defer { state.emptyLooks = max(state.emptyLooks - 1, 0) }
      return state.emptyLooks > 0
    }
    if isEmpty { return json(["Commands": [String]()]) }
    let body = object(call)
    let status = (body["Filters"] as? [[String: String]])?.first { $0["key"] == "Status" }?["value"]
    let listed = commands.filter { command in
      guard topology.routers.first(where: { $0.name == command.router })?.region == region(call) else {
        return false
      }
      if let id = body["InstanceId"] as? String { return names[id] == command.router }
      return (isBusy(command.router) && !command.isCancelled ? "InProgress" : "Success") == status
    }
    return json([
      "Commands": listed.map { command in
        [
          "CommandId": command.id, "Comment": command.comment,
          "InstanceIds": names.filter { $0.value == command.router }.map(\.key),
          "Status": isBusy(command.router) && !command.isCancelled
            ? "InProgress" : answer(command, 1).status,
        ]
      }
    ])
  }

  private func cancel(_ call: FakeService.Call) -> HTTPResponse {
    state.withLock { state in
      for index in state.commands.indices where state.commands[index].id == call.body["CommandId"] {
        state.commands[index].isCancelled = true
      }
    }
    return json([:])
  }

  /// Every host whose name does not say otherwise is online.
  private func online(_ call: FakeService.Call) -> HTTPResponse {
    let ids = ((object(call)["Filters"] as? [[String: Any]])?.first?["Values"] as? [String]) ?? []
    return json([
      "InstanceInformationList": ids.map { id in
        ["InstanceId": id, "PingStatus": isBusy("offline \(names[id] ?? "")") ? "ConnectionLost" : "Online"]
      }
    ])
  }

  private func invocation(_ call: FakeService.Call) -> HTTPResponse {
    guard let router = names[call.body["InstanceId"] ?? ""] else { return .error("InvocationDoesNotExist") }
    guard let command = commands.first(where: { $0.id == call.body["CommandId"] && $0.router == router })
    else {
      return .error("InvocationDoesNotExist")
    }
    let known: [String: Any] = [
      "CommandId": command.id, "InstanceId": call.body["InstanceId"] ?? "", "Comment": command.comment,
    ]
    func told(_ more: [String: Any]) -> HTTPResponse { json(known.merging(more) { $1 }) }
    if command.isCancelled {
      return told(["Status": "Cancelled", "StatusDetails": "Cancelled", "ResponseCode": -1])
    }
    if isBusy(router) { return told(["Status": "InProgress", "StatusDetails": "InProgress"]) }
    let earlier = commands.prefix { $0 != command }.filter { $0.router == router }
    let answer = answer(command, earlier.count + 1)
    return told([
      "Status": answer.status, "StatusDetails": answer.status,
      "ResponseCode": answer.status == "Success" ? 0 : 1,
      "StandardOutputContent": String(answer.stdout.prefix(Self.longestOutput)),
      "StandardErrorContent": answer.stderr,
    ])
  }

  private func object(_ call: FakeService.Call) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(call.request.body))) as? [String: Any] ?? [:]
  }

  private func json(_ object: [String: Any]) -> HTTPResponse {
    let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    return .json(String(decoding: data, as: UTF8.self))
  }
}
