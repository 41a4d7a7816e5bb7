import AWSClient
import Groundwork

/// A rule of a bus.
public struct EventRule: Sendable, Equatable, Decodable {
  /// At most 64 characters.
  public var name: String
  /// Its ARN; empty where it is still to be made.
  public var arn: String
  /// What events it takes, JSON; nil where a schedule wakes it.
  public var pattern: String?
  /// E.g. `rate(5 minutes)`; nil where a pattern does.
  public var schedule: String?
  /// Whether it does anything.
  public var isEnabled: Bool
  /// In words.
  public var about: String?

  private enum Key: String, CodingKey {
    case name = "Name"
    case arn = "Arn"
    case pattern = "EventPattern"
    case schedule = "ScheduleExpression"
    case state = "State"
    case about = "Description"
  }

  /// A rule that a pattern wakes.
  public init(_ name: String, pattern: EventPattern, about: String? = nil, isEnabled: Bool = true) {
    self.name = name
    arn = ""
    self.pattern = pattern.text
    self.about = about
    self.isEnabled = isEnabled
  }

  /// A rule that a schedule wakes.
  public init(_ name: String, schedule: String, about: String? = nil, isEnabled: Bool = true) {
    self.name = name
    arn = ""
    self.schedule = schedule
    self.about = about
    self.isEnabled = isEnabled
  }

  /// A rule as EventBridge tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    name = try fields.decode(String.self, forKey: .name)
    arn = try fields.decodeIfPresent(String.self, forKey: .arn) ?? ""
    pattern = try fields.decodeIfPresent(String.self, forKey: .pattern)
    schedule = try fields.decodeIfPresent(String.self, forKey: .schedule)
    isEnabled = try fields.decodeIfPresent(String.self, forKey: .state) != "DISABLED"
    about = try fields.decodeIfPresent(String.self, forKey: .about)
  }
}

/// What a rule hands its events to.
public struct EventTarget: Sendable, Equatable, Codable {
  /// Distinct among the rule's, at most 64 characters.
  public var id: String
  /// Of a function, a queue, a topic, a state machine.
  public var arn: String
  /// What EventBridge acts as, where the target is none that lets it in by a policy of its own.
  public var role: String?
  /// Constant JSON in place of the event.
  public var input: String?

  private enum CodingKeys: String, CodingKey {
    case id = "Id"
    case arn = "Arn"
    case role = "RoleArn"
    case input = "Input"
  }

  /// A target.
  public init(_ id: String, arn: String, role: String? = nil, input: String? = nil) {
    self.id = id
    self.arn = arn
    self.role = role
    self.input = input
  }
}

extension Events {
  private struct Named: Encodable, Sendable {
    var Name: String, EventBusName: String?
  }

  private struct Failed: Decodable, Sendable {
    struct Entry: Decodable, Sendable { var TargetId: String?, ErrorCode: String?, ErrorMessage: String? }
    var FailedEntryCount: Int?
    var FailedEntries: [Entry]?

    /// - Throws: ``EventsFailure`` where something was not taken.
    func require() throws(EventsFailure) {
      let entries = FailedEntries ?? []
      guard (FailedEntryCount ?? 0) > 0 || !entries.isEmpty else { return }
      throw .entries(entries.map { Events.entry($0.TargetId ?? "?", $0.ErrorCode, $0.ErrorMessage) })
    }
  }

  // MARK: Rules

  /// Makes a rule, or makes the one of that name like this.
  /// - Returns: its ARN.
  /// - Throws: ``EventsFailure``, e.g. of a call with the code `InvalidEventPatternException`.
  public func put(_ rule: EventRule, on bus: String? = nil) async throws(EventsFailure) -> String {
    struct Input: Encodable, Sendable {
      var Name: String, EventPattern: String?, ScheduleExpression: String?, State: String,
        Description: String?,
        EventBusName: String?
    }
    struct Output: Decodable, Sendable { var RuleArn: String }
    guard (rule.pattern == nil) != (rule.schedule == nil) else {
      throw .refused("the rule \(rule.name) has to have either a pattern or a schedule")
    }
    let output: Output = try await ask(
      "PutRule",
      Input(
        Name: rule.name, EventPattern: rule.pattern, ScheduleExpression: rule.schedule,
        State: rule.isEnabled ? "ENABLED" : "DISABLED", Description: rule.about, EventBusName: bus))
    return output.RuleArn
  }

  /// Deletes a rule, its targets first: EventBridge keeps one that has some. One that there is not is no error.
  /// - Throws: ``EventsFailure``.
  public func delete(rule name: String, on bus: String? = nil) async throws(EventsFailure) {
    do throws(EventsFailure) {
      let targets = try await targets(of: name, on: bus)
      try await remove(targets.map(\.id), from: name, on: bus)
      let _: NoOutput = try await ask("DeleteRule", Named(Name: name, EventBusName: bus))
    } catch {
      guard case .call(let call) = error, call.error.code == "ResourceNotFoundException" else { throw error }
    }
  }

  /// All rules whose names begin so.
  /// - Throws: ``EventsFailure``.
  public func rules(_ prefix: String? = nil, on bus: String? = nil) async throws(EventsFailure) -> [EventRule]
  {
    struct Input: Encodable, Sendable { var NamePrefix: String?, EventBusName: String?, NextToken: String? }
    struct Output: Decodable, Sendable {
      var Rules: [EventRule]?
      var NextToken: String?
    }
    var all: [EventRule] = []
    var token: String?
    repeat {
      let output: Output = try await ask(
        "ListRules", Input(NamePrefix: prefix, EventBusName: bus, NextToken: token))
      all += output.Rules ?? []
      token = Pages.next(output.NextToken, after: token)
    } while token != nil
    return all
  }

  /// Lets a rule do something, or nothing.
  /// - Throws: ``EventsFailure``, e.g. of a call with the code `ResourceNotFoundException`.
  public func enable(
    rule name: String, _ isEnabled: Bool = true, on bus: String? = nil
  ) async throws(EventsFailure) {
    let _: NoOutput = try await ask(
      isEnabled ? "EnableRule" : "DisableRule", Named(Name: name, EventBusName: bus))
  }

  /// Whether a pattern takes an event, as EventBridge itself says.
  /// - Parameter event: the whole of it, JSON with `id`, `account`, `source`, `time`, `region`, `resources`, `detail-type`.
  /// - Throws: ``EventsFailure``.
  public func takes(_ pattern: EventPattern, _ event: String) async throws(EventsFailure) -> Bool {
    struct Input: Encodable, Sendable { var EventPattern: String, Event: String }
    struct Output: Decodable, Sendable { var Result: Bool }
    let output: Output = try await ask("TestEventPattern", Input(EventPattern: pattern.text, Event: event))
    return output.Result
  }

  // MARK: Targets

  /// Targets that one call takes.
  private static let mostTargets = 10

  /// Gives a rule targets; one with the id of another takes its place. A rule has five at most.
  /// - Throws: ``EventsFailure``: those that were not taken are in it.
  public func put(
    targets: [EventTarget], of rule: String, on bus: String? = nil
  ) async throws(EventsFailure) {
    struct Input: Encodable, Sendable { var Rule: String, EventBusName: String?, Targets: [EventTarget] }
    for part in Pages.parts(targets, of: Self.mostTargets) {
      let answer: Failed = try await ask("PutTargets", Input(Rule: rule, EventBusName: bus, Targets: part))
      try answer.require()
    }
  }

  /// Takes targets from a rule.
  /// - Throws: ``EventsFailure``: those that stayed are in it.
  public func remove(
    _ ids: [String], from rule: String, on bus: String? = nil
  ) async throws(EventsFailure) {
    struct Input: Encodable, Sendable { var Rule: String, EventBusName: String?, Ids: [String] }
    for part in Pages.parts(ids, of: Self.mostTargets) {
      let answer: Failed = try await ask("RemoveTargets", Input(Rule: rule, EventBusName: bus, Ids: part))
      try answer.require()
    }
  }

  /// All targets of a rule.
  /// - Throws: ``EventsFailure``, e.g. of a call with the code `ResourceNotFoundException`.
  public func targets(of rule: String, on bus: String? = nil) async throws(EventsFailure) -> [EventTarget] {
    struct Input: Encodable, Sendable { var Rule: String, EventBusName: String?, NextToken: String? }
    struct Output: Decodable, Sendable {
      var Targets: [EventTarget]?
      var NextToken: String?
    }
    var all: [EventTarget] = []
    var token: String?
    repeat {
      let output: Output = try await ask(
        "ListTargetsByRule", Input(Rule: rule, EventBusName: bus, NextToken: token))
      all += output.Targets ?? []
      token = Pages.next(output.NextToken, after: token)
    } while token != nil
    return all
  }

  private func ask<Output: Decodable & Sendable>(
    _ operation: String, _ input: some Encodable & Sendable
  ) async throws(EventsFailure) -> Output {
    do { return try await client.call(operation, region: region, input) } catch { throw .call(error) }
  }
}

/// Listings and lists that go part by part.
enum Pages {
  /// The token of the page behind one; nil at the end. The same token again would go on for ever.
  static func next(_ next: String?, after token: String?) -> String? {
    next == token || next?.isEmpty == true ? nil : next
  }

  /// Parts of a list, in its order.
  static func parts<Item>(_ items: [Item], of size: Int) -> [[Item]] {
    stride(from: 0, to: items.count, by: size).map { Array(items[$0..<min($0 + size, items.count)]) }
  }
}
