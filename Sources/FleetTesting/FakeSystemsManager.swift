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
/// It is as strict as the service where the kit could go wrong: outputs are cut at 24,000 characters, in a list at 2,500;
/// a command goes to fifty instances of one region, all of them online, or to none; lists have pages, filters with known
/// keys and values, and everybody's commands; parameters come ten at a time. It throttles by rate, loses answers, and its
/// lists lag behind, as a test wants it.
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
    /// How long the command runs, by the fake's clock.
    public var time: Duration

    /// An answer; a success at once that says nothing, unless it is said otherwise.
    public init(
      status: String = "Success", stdout: String = "", stderr: String = "", after time: Duration = .zero
    ) {
      self.status = status
      self.stdout = stdout
      self.stderr = stderr
      self.time = time
    }
  }

  /// A command as it was sent to one of its instances.
  public struct Command: Sendable, Equatable {
    /// `command-NAME`, and from the second on `command-NAME-NUMBER`, by its first instance.
    public var id: String
    /// The name of the instance.
    public var instance: String
    /// With the mark.
    public var comment: String
    /// The document's name.
    public var document = ""
    /// The document's own.
    public var parameters: [String: [String]] = [:]
    /// Whether somebody has asked it to stop.
    public var isCancelled = false
    /// When it was sent, by the fake's clock.
    public var sent = Instant(.zero)
    /// The how manieth it is of its instance, from 1.
    var number = 1
  }

  struct Limit {
    var rate: Double
    var burst: Int
    /// nil for all.
    var region: Region?
  }

  struct State {
    var parameters: [Region: [String: String]] = [:]
    var regions: [String: Set<String>] = [:]
    var commands: [Command] = []
    /// How many each instance has got.
    var sent: [String: Int] = [:]
    /// S3, by bucket and key.
    var objects: [String: [UInt8]] = [:]
    /// Instances whose commands have not ended.
    var busy: Set<String> = []
    /// Instances whose commands have ended, whatever was said of their time.
    var finished: Set<String> = []
    /// Instances whose commands don't stop when they are asked to.
    var deaf: Set<String> = []
    /// Instances that are not online.
    var offline: Set<String> = []
    /// How many more looks at the history show nothing.
    var emptyLooks = 0
    /// How old a command is that a list shows.
    var lag = Duration.zero
    /// Somebody else's commands, region by region.
    var strangers: [Region: Int] = [:]
    /// By operation.
    var limits: [String: Limit] = [:]
    /// By operation and region.
    var buckets: [String: TokenBucket] = [:]
    /// How many more answers of an operation are lost.
    var lost: [String: Int] = [:]
    /// How many more calls of an operation are not carried out.
    var broken: [String: Int] = [:]
    /// Operations that there are not, and what is said of them.
    var missing: [String: HTTPResponse] = [:]
    /// Regions whose parameters may not be read.
    var denied: Set<Region> = []
  }

  let state: Mutex<State>
  /// By their ids.
  let instances: [String: Instance]
  /// By the instances' names.
  let ids: [String: String]
  let answer: @Sendable (_ command: Command, _ number: Int) -> Answer
  let clock: Clock

  /// - Parameters:
  ///   - parameters: by region and name.
  ///   - clock: by which commands run, lists lag behind and rates count; one that stands still where nil.
  ///   - answer: what a command says, the how manieth it is of its instance.
  public init(
    _ instances: [Instance], parameters: [Region: [String: String]] = [:], clock: Clock? = nil,
    _ answer: @escaping @Sendable (_ command: Command, _ number: Int) -> Answer = { _, _ in Answer() }
  ) {
    self.instances = Dictionary(instances.map { ($0.id, $0) }) { first, _ in first }
    ids = Dictionary(instances.map { ($0.name, $0.id) }) { first, _ in first }
    self.answer = answer
    self.clock = clock ?? VirtualClock().clock()
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

  /// From now on they may be read again.
  public func allow(_ region: Region) { state.withLock { _ = $0.denied.remove(region) } }

  /// Takes all parameters away.
  public func removeAllParameters() { state.withLock { $0.parameters = [:] } }

  /// From now on these instances' commands have not ended; all others' have.
  public func keepBusy(_ names: Set<String>) { state.withLock { $0.busy = names } }

  /// From now on these instances' commands have ended, before their time.
  public func finish(_ names: Set<String>) { state.withLock { $0.finished = names } }

  /// From now on these instances' commands go on when they are asked to stop.
  public func keepDeaf(_ names: Set<String>) { state.withLock { $0.deaf = names } }

  /// From now on these instances are not online; all others are.
  public func keepOffline(_ names: Set<String>) { state.withLock { $0.offline = names } }

  /// So many looks at the history show nothing yet.
  public func lag(looks: Int) { state.withLock { $0.emptyLooks = looks } }

  /// From now on a list shows a command so long after it was sent.
  public func lag(_ time: Duration) { state.withLock { $0.lag = time } }

  /// So many commands of somebody else's are in a region's lists, newer than all others.
  public func addStrangers(_ count: Int, in region: Region) {
    state.withLock { $0.strangers[region] = count }
  }

  /// From now on an operation is throttled, in each region by itself.
  /// - Parameters:
  ///   - rate: calls a second.
  ///   - burst: calls at once.
  ///   - region: the only one that throttles; nil for all.
  public func limit(_ operation: String, rate: Double, burst: Int, in region: Region? = nil) {
    state.withLock { $0.limits[operation] = Limit(rate: rate, burst: burst, region: region) }
  }

  /// The next answers of an operation are lost, though it was carried out.
  public func lose(_ count: Int, answersOf operation: String) {
    state.withLock { $0.lost[operation] = count }
  }

  /// The next calls of an operation are not carried out, for a reason of the service's own.
  public func fail(_ count: Int, callsOf operation: String) {
    state.withLock { $0.broken[operation] = count }
  }

  /// From now on there is no such operation.
  public func remove(_ operation: String, saying answer: HTTPResponse = .error("UnknownOperationException")) {
    state.withLock { $0.missing[operation] = answer }
  }

  /// From now on there is the operation again.
  public func restore(_ operation: String) { state.withLock { $0.missing[operation] = nil } }

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
      let answer = self.answer(to: call)
      guard answer.status == 200, self.isNext(call.operation, in: \.lost) else { return answer }
      throw HTTPError(.interrupted, message: "reset", mayHaveArrived: true)
    }
  }

  private func answer(to call: FakeService.Call) -> HTTPResponse {
    guard let region = region(call) else { return .error("InvalidAction") }
    if let refusal = state.withLock({ $0.missing[call.operation] }) { return refusal }
    if isThrottled(call.operation, region) { return .error("ThrottlingException") }
    if isNext(call.operation, in: \.broken) { return .error("InternalServerError", status: 500) }
    switch call.operation {
    case "GetParametersByPath": return page(call, region)
    case "DescribeParameters": return described(call, region)
    case "SendCommand": return send(call, region)
    case "GetCommandInvocation": return invocation(call, region)
    case "ListCommands": return listCommands(call, region)
    case "ListCommandInvocations": return listInvocations(call, region)
    case "CancelCommand": return cancel(call, region)
    case "DescribeInstanceInformation": return online(call)
    default: return .error("UnknownOperationException")
    }
  }

  /// The second label of a host name: `ssm.us-east-1.amazonaws.com`.
  private func region(_ call: FakeService.Call) -> Region? {
    call.request.url.split(separator: ".").dropFirst().first.flatMap { Region(String($0)) }
  }

  private func isThrottled(_ operation: String, _ region: Region) -> Bool {
    let now = clock.now()
    return state.withLock { state in
      guard let limit = state.limits[operation], limit.region ?? region == region else { return false }
      let place = "\(operation) \(region)"
      var bucket =
        state.buckets[place] ?? TokenBucket(rate: limit.rate, burst: limit.burst, now: now)
      defer { state.buckets[place] = bucket }
      return !bucket.take(now: now)
    }
  }

  private func isNext(_ operation: String, in counts: WritableKeyPath<State, [String: Int]>) -> Bool {
    state.withLock { state in
      guard let left = state[keyPath: counts][operation], left > 0 else { return false }
      state[keyPath: counts][operation] = left - 1
      return true
    }
  }
}
