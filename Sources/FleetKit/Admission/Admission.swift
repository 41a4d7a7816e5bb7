import Groundwork

/// Judges a rollout before anything is told or changed: every wave gets its items and its steps, or the whole is refused
/// (`Input.Invalid`) with the entry that can't be.
struct Admission: Sendable {
  private static let mostWaves = 100

  let roster: Roster
  /// The deployment's own waves; empty for one wave of everything.
  let standard: [GivenWave]
  let vocabulary: Vocabulary

  /// - Parameters:
  ///   - message: the whole event of the invocation.
  ///   - event: the execution's input in it.
  ///   - size: bytes of that input.
  /// - Returns: the waves, and the answer as JSON.
  func answer(
    to message: [UInt8], for event: FleetEvent, size: Int
  ) throws(Failure) -> (waves: [AdmittedWave], json: [UInt8]) {
    let chosen = event.names == nil ? nil : Set(try event.chosen(among: roster.items))
    try requireMode(event.mode)
    let asked = try EventReader.read(
      message, as: AdmissionMessage.self, keeping: AdmissionMessage.names, of: "an admission", vocabulary)
    let steps = asked.steps.map(\.name)
    let waves = try waves(asked.waves, steps: steps)
    let taken = RolloutSize(
      waves: waves.admitted, steps: asked.steps, event: size, wishes: asked.event, chosen: chosen,
      isPlan: event.mode == .plan)
    try taken.require()
    let answer = ResultSize.json(
      AdmissionAnswer(
        waves: waves.admitted,
        leftOut: waves.leftOut.isEmpty ? nil : waves.leftOut.count))
    guard answer.count <= RolloutSize.mostBytes else {
      throw .input(
        "the waves with their \(roster.items.count) items have \(answer.count) bytes; \(RolloutSize.mostBytes) are possible: use shorter names, or roll out in several executions"
      )
    }
    return (waves.admitted, answer)
  }

  /// The other modes are those of single steps, which bring them themselves.
  private func requireMode(_ mode: Mode) throws(Failure) {
    switch mode {
    case .apply, .plan: break
    case .rollback:
      throw .input("mode rollback is a step of its own here: give {\"steps\": [\"rollback\"]}")
    case .command: throw .input("mode command is a wave's: give preCommands or postCommands")
    }
  }

  private func waves(
    _ given: [GivenWave]?, steps: [String]
  ) throws(Failure) -> (admitted: [AdmittedWave], leftOut: [String]) {
    let waves = given ?? standard
    guard !waves.isEmpty else { return ([AdmittedWave(all: roster.items, steps: steps)], []) }
    try requireOrder(waves)
    try requireKnownDocuments(given ?? [])
    for wave in waves { try requireHosts(wave) }
    let items = try WaveItems(waves, of: roster)
    // What a deployment's waves forget would be forgotten by a rollout that says COMPLETED.
    if given == nil, roster.isWhole, let forgotten = items.leftOut.first {
      throw .input(
        "the deployment's waves leave out \(items.leftOut.count) of the \(vocabulary.whole), \(forgotten) among them: name them, or give one wave rest = true"
      )
    }
    let admitted = zip(waves, items.items).map { AdmittedWave($0, items: $1, steps: steps) }
    return (admitted, items.leftOut)
  }

  /// Names are distinct, and a wave depends on waves before it only: so no circle is possible.
  private func requireOrder(_ waves: [GivenWave]) throws(Failure) {
    guard waves.count <= Self.mostWaves else {
      throw .input("there are \(waves.count) waves; \(Self.mostWaves) are possible")
    }
    var before: Set<String> = []
    for wave in waves {
      if let name = wave.dependsOn.first(where: { !before.contains($0) }) {
        throw .input(
          "\(wave.place).dependsOn names \"\(name.shown(bytes: 80))\", which is no wave before it")
      }
      guard before.insert(wave.name).inserted else { throw .input("two waves are called \(wave.name)") }
    }
  }

  /// Who gives waves with an execution runs the documents that the deployment's own waves run, and no others.
  private func requireKnownDocuments(_ given: [GivenWave]) throws(Failure) {
    let known = Set(Self.documents(standard))
    for wave in given {
      guard let strange = Self.documents([wave]).first(where: { !known.contains($0) }) else { continue }
      let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ").oneLine(limit: 400)
      throw .input(
        "\(wave.place) runs the document \"\(strange.shown(bytes: 80))\"; the deployment's own waves, which say what may be run, have \(list)"
      )
    }
  }

  /// A command says where it runs where nobody else does, and only there.
  private func requireHosts(_ wave: GivenWave) throws(Failure) {
    for (field, commands, mayName, mustName) in [
      ("preCommands", wave.before, roster.commandHosts != .items, roster.commandHosts != .items),
      ("postCommands", wave.after, roster.commandHosts != .items, roster.commandHosts == .named),
    ] {
      for (index, command) in commands.enumerated() {
        let place = "\(wave.place).\(field)[\(index)]"
        if command.command.instances != nil, !mayName {
          throw .input("\(place).instances: a command runs on the wave's \(vocabulary.items) themselves")
        }
        if command.command.instances == nil, mustName {
          throw .input("\(place).instances is missing: a list of the instances that the document runs on")
        }
      }
    }
  }

  private static func documents(_ waves: [GivenWave]) -> [String] {
    waves.flatMap { $0.before + $0.after }.map(\.command.document)
  }
}
