import AWSClient
import Groundwork

extension RunCommand {
  /// So many commands of a region are looked at one by one; more are looked for in the list of all.
  static let lookedAtOneByOne = 10
  /// What the clocks of a function and of the service may differ by: more, and no signature is accepted.
  private static let skew = Duration.seconds(300)

  /// How commands stand, each answered: a few of a region by their ids, many by the list of what was sent there.
  /// - Parameters:
  ///   - since: when the first of them was sent, or before.
  ///   - execution: what ``CommandMark/execution(_:)`` says of the execution that they were sent for; nil where they have no
  ///     mark.
  ///   - latest: when there is no point in an answer any more; until then throttling is no reason to give up.
  /// - Returns: of what was read in a list the outputs may not be whole (``CommandResult/isWhole``).
  public func standings(
    of commands: some Collection<SentCommand> & Sendable, since: UnixTime, execution: String? = nil,
    latest: Deadline
  ) async -> [SentCommand: Standing] {
    let byRegion = Dictionary(grouping: commands, by: \.region)
    let found = await concurrently(byRegion.keys) { region in
      await standings(in: region, of: Set(byRegion[region] ?? []), since, execution, latest)
    }
    return found.values.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  private func standings(
    in region: Region, of commands: Set<SentCommand>, _ since: UnixTime, _ execution: String?,
    _ latest: Deadline
  ) async -> [SentCommand: Standing] {
    guard commands.count > Self.lookedAtOneByOne, !listing.isKnownToBeMissing else {
      return await look(at: commands, execution, latest)
    }
    var seen: [SentCommand: Standing] = [:]
    do throws(AWSError) {
      try await list(since: since, in: region, latest) { entry in
        guard let command = entry.command(in: region), commands.contains(command),
          CommandMark.mayBelong(entry.comment, to: execution)
        else { return true }
        seen[command] = entry.standing
        return seen.count < commands.count
      }
    } catch {
      if listing.learn(from: error) { return await look(at: commands, execution, latest) }
      return seen.merging(commands.map { ($0, .unknown(error)) }) { known, _ in known }
    }
    // A list lags behind. A few that it does not show are asked for by their ids, so that none is missing for ever.
    let missing = commands.subtracting(seen.keys)
    let some = Set(missing.sorted { $0.commandID < $1.commandID }.prefix(Self.lookedAtOneByOne))
    seen.merge(await look(at: some, execution, latest)) { known, _ in known }
    return seen.merging(missing.map { ($0, .running) }) { known, _ in known }
  }

  private func look(
    at commands: Set<SentCommand>, _ execution: String?, _ latest: Deadline
  ) async -> [SentCommand: Standing] {
    await concurrently(commands) { command in
      let late = AWSError.late(GetCommandInvocation.name, in: command.region)
      do throws(AWSError) {
        return try await gates.sending(in: command.region).pass(latest: latest, client.clock, orThrow: late) {
          () async throws(AWSError) in
          try await output(of: command, execution: execution, latest: latest).map { .ended($0) } ?? .running
        }
      } catch {
        return .unknown(error)
      }
    }
  }

  /// What a region's history has of an execution's commands: whoever goes on with another's work finds what was sent by one
  /// question. The newest are its first; what was sent in the last ten seconds may be missing.
  /// - Parameters:
  ///   - execution: what ``CommandMark/execution(_:)`` says of it.
  ///   - since: when the first of them was sent, or before.
  /// - Throws: ``AWSError`` when the history can't be read whole.
  public func history(
    of execution: String, since: UnixTime, in region: Region, latest: Deadline
  ) async throws(AWSError) -> [ListedInvocation] {
    if listing.isKnownToBeMissing {
      return try await commandHistory(of: execution, since: since, in: region, latest)
    }
    var found: [ListedInvocation] = []
    do throws(AWSError) {
      try await list(since: since, in: region, latest) { entry in
        if let mark = CommandMark.text(in: entry.comment, of: execution),
          let command = entry.command(in: region)
        {
          found.append(ListedInvocation(command: command, mark: mark, standing: entry.standing))
        }
        return true
      }
    } catch {
      guard listing.learn(from: error) else { throw error }
      return try await commandHistory(of: execution, since: since, in: region, latest)
    }
    return found
  }

  /// An execution's commands that are waiting or running in a region, on each of their instances.
  /// - Parameter execution: what ``CommandMark/execution(_:)`` says of it.
  /// - Throws: ``AWSError`` when the history can't be read whole.
  public func running(
    of execution: String, in region: Region, latest: Deadline
  ) async throws(AWSError) -> Set<SentCommand> {
    var found: Set<SentCommand> = []
    for status in ["Pending", "InProgress"] {
      try await commands(.status(status), in: region, latest) { command in
        guard CommandMark.text(in: command.comment, of: execution) != nil, command.status == status else {
          return
        }
        found.formUnion(command.sent(in: region))
      }
    }
    return found
  }

  // MARK: Pages

  /// Reads the list of invocations page by page; of strangers' nothing is kept.
  /// - Parameter body: false where no more is wanted.
  private func list(
    since: UnixTime, in region: Region, _ latest: Deadline,
    _ body: (ListCommandInvocations.Entry) -> Bool
  ) async throws(AWSError) {
    var token: String?
    repeat {
      let question = ListCommandInvocations.Input(
        filters: [.invoked(after: since - Self.skew)], nextToken: token)
      let page: ListCommandInvocations.Output = try await page(
        ListCommandInvocations.name, in: region, question, ListCommandInvocations.maximumAnswer, latest)
      for entry in page.invocations ?? [] where !body(entry) { return }
      token = nextPage(page.nextToken, after: token)
    } while token != nil
  }

  /// The same by the list of commands, which does not tell how each instance stands, and by a look at each.
  private func commandHistory(
    of execution: String, since: UnixTime, in region: Region, _ latest: Deadline
  ) async throws(AWSError) -> [ListedInvocation] {
    var marks: [SentCommand: String] = [:]
    try await commands(.invoked(after: since - Self.skew), in: region, latest) { command in
      guard let mark = CommandMark.text(in: command.comment, of: execution) else { return }
      for sent in command.sent(in: region) { marks[sent] = mark }
    }
    let standings = await look(at: Set(marks.keys), execution, latest)
    return marks.map { command, mark in
      ListedInvocation(command: command, mark: mark, standing: standings[command] ?? .running)
    }
  }

  /// Reads the list of commands page by page.
  private func commands(
    _ filter: CommandFilter, in region: Region, _ latest: Deadline, _ body: (Command) -> Void
  ) async throws(AWSError) {
    var token: String?
    repeat {
      let page: ListCommands.Output = try await page(
        ListCommands.name, in: region, ListCommands.Input(filters: [filter], nextToken: token),
        ListCommands.maximumAnswer, latest)
      page.commands?.forEach(body)
      token = nextPage(page.nextToken, after: token)
    } while token != nil
  }

  private func page<Question: Encodable & Sendable, Page: Decodable & Sendable>(
    _ operation: String, in region: Region, _ question: Question, _ maximumAnswer: Int, _ latest: Deadline
  ) async throws(AWSError) -> Page {
    var options = ServiceClient.Options()
    options.isOneOfMany = true
    options.latest = latest
    options.maximumAnswer = maximumAnswer
    do throws(FailedCall) {
      return try await gates.history(in: region).pass(
        latest: latest, client.clock, orThrow: FailedCall(.late(operation, in: region))
      ) { [options] () async throws(FailedCall) in
        try await client.call(operation, region: region, question, options: options)
      }
    } catch {
      throw error.error
    }
  }
}

extension Command {
  /// It on each of the instances that it was sent to.
  fileprivate func sent(in region: Region) -> [SentCommand] {
    (instanceIDs ?? []).compactMap { InstanceID($0) }.map {
      SentCommand(commandID: commandID, instanceID: $0, region: region)
    }
  }
}

extension ListCommandInvocations.Entry {
  /// Which command it is; nil for an instance that is none of ours.
  func command(in region: Region) -> SentCommand? {
    InstanceID(instanceID).map { SentCommand(commandID: commandID, instanceID: $0, region: region) }
  }

  /// How it stands.
  var standing: Standing { CommandResult(self).map { .ended($0) } ?? .running }
}
