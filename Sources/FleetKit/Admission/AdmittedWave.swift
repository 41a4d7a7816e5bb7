/// A wave as the state machine takes it: with its items, and with all of its steps by name.
struct AdmittedWave: Encodable, Sendable {
  /// A step: one of the deployment's by its name alone, or a command with all that it is.
  struct Step: Encodable, Sendable {
    /// What the command's function gets beside the execution's event.
    struct Event: Encodable, Sendable {
      let mode = Mode.command.rawValue
      let command: HostCommand
    }

    let name: String
    var timeout: Int?
    var required: Bool?
    var event: Event?
  }

  let name: String
  let items: [String]
  let dependsOn: [String]?
  let pauseBefore: Bool?
  let onFailure: GivenWave.OnFailure?
  let maxErrors: MaxErrors?
  let maxConcurrency: Int?
  let steps: [Step]

  /// - Parameter steps: the deployment's, which stand between the commands before and after.
  init(_ wave: GivenWave, items: [String], steps: [String]) {
    name = wave.name
    self.items = items
    dependsOn = wave.dependsOn.isEmpty ? nil : wave.dependsOn
    pauseBefore = wave.pauseBefore ? true : nil
    onFailure = wave.onFailure
    maxErrors = wave.maxErrors
    maxConcurrency = wave.maxConcurrency
    self.steps =
      Self.steps(of: wave.before, called: "pre") + steps.map { Step(name: $0) }
      + Self.steps(of: wave.after, called: "post")
  }

  /// Everything at once.
  init(all items: [String], steps: [String]) {
    name = "all"
    self.items = items
    (dependsOn, pauseBefore, onFailure, maxErrors, maxConcurrency) = (nil, nil, nil, nil, nil)
    self.steps = steps.map { Step(name: $0) }
  }

  private static func steps(of commands: [WaveCommand], called name: String) -> [Step] {
    commands.enumerated().map { index, each in
      Step(
        name: "\(name)\(index + 1)", timeout: each.timeout ?? WaveCommand.standardTimeout,
        required: each.isRequired, event: Step.Event(command: each.command))
    }
  }
}

/// What an admission answers.
struct AdmissionAnswer: Encodable {
  let waves: [AdmittedWave]
  /// Items that no wave has; only where the waves were given with the execution.
  let leftOut: Int?

  enum CodingKeys: String, CodingKey {
    case waves
    case leftOut = "left_out"
  }
}
