import AWSClient
import ArgumentParser
import Orchestration

/// `sdwan event`: events and rules of Amazon EventBridge.
struct EventCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "event", abstract: "Events and rules of Amazon EventBridge (docs/orchestration.md).",
    subcommands: [
      EventPut.self, EventRules.self, EventWatch.self, EventDelete.self, EventEnable.self, EventDisable.self,
    ])
}

/// Puts an event.
struct EventPut: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Puts an event; its detail, a JSON object, stands on stdin.")

  @Argument(help: "Who sends it, like my.deployment.")
  var source: String

  @Argument(help: "What happened, like upgrade.started.")
  var type: String

  @Option(help: "Name or ARN of a bus (default: the account's own).")
  var bus: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let detail = tool.inputText
    do throws(EventsFailure) {
      try await tool.events.put([BusEvent(source: source, type: type, detail: detail)], on: bus)
    } catch {
      throw ToolError(error)
    }
    tool.tell("put", count: 1)
    return .asWanted
  }
}

/// Lists rules.
struct EventRules: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Rules, and what wakes them.")

  @Argument(help: "Only those whose names begin so.")
  var prefix: String?

  @Option(help: "Name or ARN of a bus (default: the account's own).")
  var bus: String?

  @OptionGroup var global: GlobalOptions

  /// docs/schema/orchestration/event-rules.json, a line each.
  private struct Line: Encodable { var name: String, isEnabled: Bool, pattern: String?, schedule: String? }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let rules: [EventRule]
    do throws(EventsFailure) { rules = try await tool.events.rules(prefix, on: bus) } catch {
      throw ToolError(error)
    }
    for rule in rules {
      if tool.screen.isJSON {
        tool.screen.say(
          json: Line(
            name: rule.name, isEnabled: rule.isEnabled, pattern: rule.pattern, schedule: rule.schedule))
      } else {
        tool.screen.say(
          "\(rule.name)  \(rule.isEnabled ? "on" : "off")  \(rule.pattern ?? rule.schedule ?? "")")
      }
    }
    return .asWanted
  }
}

/// Makes a rule that hands a source's events to a target.
struct EventWatch: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Makes a rule that hands the events of a source to a target.")

  @Argument(help: "The rule's name.")
  var rule: String

  @Argument(help: "Whose events, like eks-upgrade-agent.")
  var source: String

  @Argument(help: "The ARN of a topic, a queue or a function that lets EventBridge in.")
  var target: String

  @Option(help: "Only events of this type; may be given again.")
  var type: [String] = []

  @Option(help: "Name or ARN of a bus (default: the account's own).")
  var bus: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do throws(EventsFailure) {
      let pattern = EventPattern(source: source, types: type)
      _ = try await tool.events.put(EventRule(rule, pattern: pattern), on: bus)
      try await tool.events.put(targets: [EventTarget("target", arn: target)], of: rule, on: bus)
    } catch {
      throw ToolError(error)
    }
    tool.tell("\(rule) hands them on", count: 1)
    return .asWanted
  }
}

/// Deletes a rule.
struct EventDelete: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a rule and its targets.")

  @Argument(help: "The rule's name.")
  var rule: String

  @Option(help: "Name or ARN of a bus (default: the account's own).")
  var bus: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do throws(EventsFailure) { try await tool.events.delete(rule: rule, on: bus) } catch {
      throw ToolError(error)
    }
    tool.tell("deleted", count: 1)
    return .asWanted
  }
}

/// Lets a rule do something.
struct EventEnable: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Lets a rule do something.")

  @Argument(help: "The rule's name.")
  var rule: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do throws(EventsFailure) { try await tool.events.enable(rule: rule) } catch { throw ToolError(error) }
    tool.tell("\(rule) is on", count: 1)
    return .asWanted
  }
}

/// Lets a rule do nothing.
struct EventDisable: OperatorCommand {
  static let configuration = CommandConfiguration(commandName: "disable", abstract: "Lets a rule do nothing.")

  @Argument(help: "The rule's name.")
  var rule: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do throws(EventsFailure) { try await tool.events.enable(rule: rule, false) } catch {
      throw ToolError(error)
    }
    tool.tell("\(rule) is off", count: 1)
    return .asWanted
  }
}

extension ToolError {
  init(_ failure: EventsFailure) {
    switch failure {
    case .call(let call): self.init(call)
    case .refused(let reason): self = .use(reason)
    case .entries: self = .refused("\(failure)")
    }
  }
}
