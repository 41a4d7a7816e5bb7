import AWSClient
// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import HTTPClient
import SSMKit
import Synchronization

/// Systems Manager with instances, their parameters and their commands, and S3 with objects; an instance answers a
/// command as the test says.
///
/// It is as strict as the service where the kit could go wrong: outputs are cut at 24,000 characters, a listing shows
/// one instance's or one status's commands of its region only, parameters come ten at a time.
public final class FakeSystemsManager: Sendable {
  /// One of its instances.
  public struct Instance: Sendable {
    /// The name by which tests speak of it.
    public var name: String
    /// `i-…`.
    public var id: String
    /// Where it is known.
    public var region: Region

    /// An instance.
    public init(_ name: String, _ id: String, in region: Region) {
      self.name = name
      self.id = id
      self.region = region
    }
  }

  /// How an instance answers a command.
  public struct Answer: Sendable {
    /// Of the command's end.
    public var status: String
    /// What it printed.
    public var stdout: String
    /// What it printed on standard error.
    public var stderr: String

    /// An answer; a success that says nothing, unless it is said otherwise.
    public init(status: String = "Success", stdout: String = "", stderr: String = "") {
      self.status = status
      self.stdout = stdout
      self.stderr = stderr
    }
  }

  /// A command as it was sent.
  public struct Command: Sendable, Equatable {
    /// `command-NAME`, and from the second on `command-NAME-NUMBER`.
    public var id: String
    /// The name of its instance.
    public var instance: String
    /// With the mark.
    public var comment: String
    /// The document's name.
    public var document = ""
    /// The document's own.
    public var parameters: [String: [String]] = [:]
    /// Whether somebody has asked it to stop.
    public var isCancelled = false
  }

  private struct State {
    var parameters: [Region: [String: String]] = [:]
    var regions: [String: Set<String>] = [:]
    var commands: [Command] = []
    /// S3, by bucket and key.
    var objects: [String: [UInt8]] = [:]
    /// Instances whose commands have not ended.
    var busy: Set<String> = []
    /// Instances that are not online.
    var offline: Set<String> = []
    /// How many more looks at the history show nothing.
    var emptyLooks = 0
    /// Regions whose parameters may not be read.
    var denied: Set<Region> = []
  }

  /// What Run Command keeps of an output.
  private static let longestOutput = 24_000

  private let state: Mutex<State>
  private let instances: [String: Instance]
  private let answer: @Sendable (_ command: Command, _ number: Int) -> Answer

  /// - Parameters:
  ///   - parameters: by region and name.
  ///   - answer: what a command says, the how manieth it is of its instance.
  public init(
    _ instances: [Instance], parameters: [Region: [String: String]] = [:],
    _ answer: @escaping @Sendable (_ command: Command, _ number: Int) -> Answer = { _, _ in Answer() }
  ) {
    self.instances = Dictionary(instances.map { ($0.id, $0) }) { first, _ in first }
    self.answer = answer
    var state = State()
    state.parameters = parameters
    self.state = Mutex(state)
  }

  // MARK: What a test changes

  /// Changes a parameter, or takes it away.
  public func set(_ path: String, in region: Region, to value: String?) {
    state.withLock { $0.parameters[region]?[path] = value }
  }

  /// From now on a region's parameters may not be read.
  public func deny(_ region: Region) { state.withLock { _ = $0.denied.insert(region) } }

  /// Takes all parameters away.
  public func removeAllParameters() { state.withLock { $0.parameters = [:] } }

  /// From now on these instances' commands have not ended; all others' have.
  public func keepBusy(_ names: Set<String>) { state.withLock { $0.busy = names } }

  /// From now on these instances are not online; all others are.
  public func keepOffline(_ names: Set<String>) { state.withLock { $0.offline = names } }

  /// So many looks at the history show nothing yet.
  public func lag(looks: Int) { state.withLock { $0.emptyLooks = looks } }

  /// Puts an object into S3.
  /// - Parameter path: bucket and key.
  public func store(_ path: String, _ bytes: [UInt8]) { state.withLock { $0.objects[path] = bytes } }

  // MARK: What a test looks at

  /// What was sent, in this order.
  public var commands: [Command] { state.withLock { $0.commands } }

  /// Scripts by instance, in the order in which they were sent.
  public var scripts: [String: [String]] {
    Dictionary(grouping: commands, by: \.instance).mapValues {
      $0.map { $0.parameters["commands"]?.first ?? "" }
    }
  }

  /// The names of the regions that an instance's commands went to.
  public var regions: [String: Set<String>] { state.withLock { $0.regions } }

  /// What lies in S3, by bucket and key.
  public var objects: [String: [UInt8]] { state.withLock { $0.objects } }

  /// The service, for a client.
  public var service: FakeService {
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

  // MARK: Operations

  /// The second label of a host name: `ssm.us-east-1.amazonaws.com`.
  private func region(_ call: FakeService.Call) -> Region? {
    call.request.url.split(separator: ".").dropFirst().first.flatMap { Region(String($0)) }
  }

  /// Ten parameters at a time, as the service has it.
  private func page(_ call: FakeService.Call) -> HTTPResponse {
    guard let region = region(call) else { return .error("InvalidAction") }
    if state.withLock({ $0.denied.contains(region) }) { return .error("AccessDeniedException") }
    let below = (call.body["Path"] ?? "") + "/"
    let all = state.withLock { $0.parameters[region] ?? [:] }.filter { $0.key.hasPrefix(below) }
      .sorted { $0.key < $1.key }
    let start = Int(call.body["NextToken"] ?? "") ?? 0
    let page = all.dropFirst(start).prefix(10).map { ["Name": $0.key, "Value": $0.value] }
    var output: [String: Any] = ["Parameters": page]
    if start + 10 < all.count { output["NextToken"] = String(start + 10) }
    return json(output)
  }

  private func send(_ call: FakeService.Call) -> HTTPResponse {
    let body = object(call)
    guard let id = (body["InstanceIds"] as? [String])?.first, let instance = instances[id],
      instance.region == region(call), let parameters = body["Parameters"] as? [String: [String]]
    else { return .error("InvalidInstanceId") }
    let commandID = state.withLock { state in
      state.regions[instance.name, default: []].insert(instance.region.name)
      let number = state.commands.count { $0.instance == instance.name } + 1
      let commandID = number == 1 ? "command-\(instance.name)" : "command-\(instance.name)-\(number)"
      state.commands.append(
        Command(
          id: commandID, instance: instance.name, comment: body["Comment"] as? String ?? "",
          document: body["DocumentName"] as? String ?? "", parameters: parameters))
      return commandID
    }
    return json(["Command": ["CommandId": commandID]])
  }

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

  private func isBusy(_ name: String) -> Bool { state.withLock { $0.busy.contains(name) } }

  /// The history of an instance, or of a region's commands of one status.
  private func list(_ call: FakeService.Call) -> HTTPResponse {
    let isEmpty = state.withLock { state in
      defer { state.emptyLooks = max(state.emptyLooks - 1, 0) }
      return state.emptyLooks > 0
    }
    if isEmpty { return json(["Commands": [String]()]) }
    let body = object(call)
    let wanted = (body["Filters"] as? [[String: String]])?.first { $0["key"] == "Status" }?["value"]
    let here = Set(instances.values.filter { $0.region == region(call) }.map(\.name))
    let listed = commands.filter { command in
      guard here.contains(command.instance) else { return false }
      if let id = body["InstanceId"] as? String { return instances[id]?.name == command.instance }
      return (isRunning(command) ? "InProgress" : "Success") == wanted
    }
    return json([
      "Commands": listed.map { command in
        [
          "CommandId": command.id, "Comment": command.comment,
          "InstanceIds": instances.values.filter { $0.name == command.instance }.map(\.id),
          "Status": isRunning(command) ? "InProgress" : answer(command, 1).status,
        ]
      }
    ])
  }

  private func isRunning(_ command: Command) -> Bool { isBusy(command.instance) && !command.isCancelled }

  private func cancel(_ call: FakeService.Call) -> HTTPResponse {
    state.withLock { state in
      for index in state.commands.indices where state.commands[index].id == call.body["CommandId"] {
        state.commands[index].isCancelled = true
      }
    }
    return json([:])
  }

  private func online(_ call: FakeService.Call) -> HTTPResponse {
    let ids = ((object(call)["Filters"] as? [[String: Any]])?.first?["Values"] as? [String]) ?? []
    let offline = state.withLock { $0.offline }
    return json([
      "InstanceInformationList": ids.map { id in
        [
          "InstanceId": id,
          "PingStatus": offline.contains(instances[id]?.name ?? "") ? "ConnectionLost" : "Online",
        ]
      }
    ])
  }

  private func invocation(_ call: FakeService.Call) -> HTTPResponse {
    guard let name = instances[call.body["InstanceId"] ?? ""]?.name,
      let command = commands.first(where: { $0.id == call.body["CommandId"] && $0.instance == name })
    else { return .error("InvocationDoesNotExist") }
    let known: [String: Any] = [
      "CommandId": command.id, "InstanceId": call.body["InstanceId"] ?? "", "Comment": command.comment,
    ]
    func told(_ more: [String: Any]) -> HTTPResponse { json(known.merging(more) { $1 }) }
    if command.isCancelled {
      return told(["Status": "Cancelled", "StatusDetails": "Cancelled", "ResponseCode": -1])
    }
    if isBusy(name) { return told(["Status": "InProgress", "StatusDetails": "InProgress"]) }
    let earlier = commands.prefix { $0 != command }.filter { $0.instance == name }
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
