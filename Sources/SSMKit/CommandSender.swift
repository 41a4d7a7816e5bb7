import AWSClient
import Groundwork

/// Sends one command exactly once, also when the answer to SendCommand is lost.
///
/// SendCommand is not idempotent. After a failure that leaves open whether the command exists, the history
/// of the instance is searched for the command's comment, which is unique, before it is sent anew.
struct CommandSender: Sendable {
  /// For how long a lost command is looked for: ListCommands lags behind SendCommand.
  static let searchTime = Duration.seconds(10)
  /// Seconds for which a command may wait for the agent (30 is the least that the service takes).
  static let deliveryTimeout = 60
  private static let maximumCommentLength = 100

  let client: ServiceClient
  let gates: RunCommandGates
  let request: CommandRequest
  let latest: Deadline

  /// - Returns: the command's id.
  /// - Throws: ``CommandRefusal`` when the command certainly, or as far as can be seen, does not exist.
  func send() async throws(CommandRefusal) -> String {
    guard (1...CommandRequest.maximumInstances).contains(request.instanceIDs.count) else {
      throw CommandRefusal(
        reason:
          "the command was not sent: it is for \(request.instanceIDs.count) instances, and SendCommand takes 1 to \(CommandRequest.maximumInstances)"
      )
    }
    let comment = comment()
    var attempts = client.maximumAttempts
    while true {
      do {
        return try await sendOnce(comment)
      } catch {
        attempts -= 1
        guard error.mayHaveHappened else { throw refusal(error.error) }
        if let commandID = try await search(for: comment, because: "\(error.error)") {
          return commandID
        }
        if attempts == 0 { throw refusal(error.error) }
      }
    }
  }

  private func sendOnce(_ comment: String) async throws(FailedCall) -> String {
    let sent = Set(request.instanceIDs.map(\.text))
    let output: SendCommand.Output = try await gates.sending(in: request.region).pass(
      latest: latest, client.clock, orThrow: late(SendCommand.name)
    ) { () async throws(FailedCall) in
      try await client.call(
        SendCommand.name, region: request.region, input(comment), options: options(isRepeatable: false)
      ) {
        $0.command.comment ?? comment == comment && $0.command.instanceIDs.map(Set.init) ?? sent == sent
      }
    }
    return output.command.commandID
  }

  private func late(_ operation: String) -> FailedCall {
    FailedCall(.late(operation, in: request.region))
  }

  private func input(_ comment: String) -> SendCommand.Input {
    let isForMany = request.instanceIDs.count > 1
    return SendCommand.Input(
      documentName: request.document.name, instanceIDs: request.instanceIDs.map(\.text), comment: comment,
      deliveryTimeout: Self.deliveryTimeout, parameters: request.document.parameters(),
      maximumConcurrency: isForMany ? String(CommandRequest.maximumInstances) : nil,
      maximumErrors: isForMany ? "100%" : nil)
  }

  /// The comment with a mark that no other command has.
  private func comment() -> String {
    let mark = request.mark?.text ?? randomMark()
    return "\(request.comment.shown(bytes: Self.maximumCommentLength - mark.utf8.count - 1)) \(mark)"
  }

  private func randomMark() -> String {
    (0..<4).map { _ in String(Int(client.random() * 65536) | 65536, radix: 16).dropFirst() }.joined()
  }

  private func options(isRepeatable: Bool) -> ServiceClient.Options {
    var options = ServiceClient.Options()
    options.isRepeatable = isRepeatable
    options.isOneOfMany = true
    options.latest = latest
    return options
  }

  // MARK: The history

  /// Looks for a command, for as long as the history may lag behind.
  /// - Parameter cause: why it may exist.
  /// - Returns: nil when it certainly does not exist, as far as a whole listing can tell.
  /// - Throws: ``CommandRefusal`` when the history could not be read: then nothing may be sent.
  private func search(
    for comment: String, because cause: String
  ) async throws(CommandRefusal) -> String? {
    let end = client.clock.now() + Self.searchTime
    var failure: AWSError?
    while true {
      let began = client.clock.now()
      do throws(FailedCall) {
        if let command = try await listed(comment) { return command.commandID }
        failure = nil
      } catch {
        failure = error.error
      }
      let now = client.clock.now()
      if latest.hasCome(at: now) {
        throw unknown(cause, "the invocation's deadline came first", failure, isTimeout: true)
      }
      // A look that has taken long may have begun before the history showed the command.
      if began >= end {
        guard let failure else { return nil }
        throw unknown(cause, "the history could not be read: \(failure)", failure, isTimeout: false)
      }
      do { try await client.clock.sleep(min(.seconds(1), max(end - now, .zero))) } catch {
        throw CommandRefusal(
          reason: "the function was asked to end before it was known whether the command was sent",
          isTimeout: true, isUnknown: true)
      }
    }
  }

  /// The command of that comment on any page of the instance's history.
  private func listed(_ comment: String) async throws(FailedCall) -> Command? {
    var token: String?
    repeat {
      // A command for many is in the history of each of them.
      let question = ListCommands.Input(instanceID: request.instanceIDs.first?.text, nextToken: token)
      let page: ListCommands.Output = try await gates.history(in: request.region).pass(
        latest: latest, client.clock, orThrow: late(ListCommands.name)
      ) { () async throws(FailedCall) in
        var options = options(isRepeatable: true)
        options.maximumAnswer = ListCommands.maximumAnswer
        return try await client.call(ListCommands.name, region: request.region, question, options: options)
      }
      if let found = page.commands?.first(where: { $0.comment == comment }) { return found }
      token = nextPage(page.nextToken, after: token)
    } while token != nil
    return nil
  }

  private func refusal(_ error: AWSError) -> CommandRefusal {
    let who = request.instanceIDs.count == 1 ? "\(request.instanceIDs[0])" : "one of the instances"
    let hint =
      error.code == "InvalidInstanceId"
      ? "; \(who) is not online in Systems Manager (is the host running, with its agent and role?)" : ""
    return CommandRefusal(
      reason: "the command was not sent: \(error)\(hint)", isTimeout: isEnd(error), error: error)
  }

  /// Whether the time is over: who is throttled, or waits for those who are, goes on until then.
  private func isEnd(_ error: AWSError) -> Bool {
    error.isLate || error.isThrottling || error.isPassing && latest.hasCome(at: client.clock.now())
  }

  private func unknown(
    _ cause: String, _ reason: String, _ error: AWSError?, isTimeout: Bool
  ) -> CommandRefusal {
    CommandRefusal(
      reason: "whether the command was sent is not known (\(cause)), and \(reason)", isTimeout: isTimeout,
      isUnknown: true, error: error)
  }
}
