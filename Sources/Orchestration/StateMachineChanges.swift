import AWSClient
import Groundwork

/// What a state machine is made of.
public struct StateMachineSpecification: Sendable, Equatable {
  /// `STANDARD` or `EXPRESS`; a machine's never changes.
  public enum Kind: String, Sendable, CaseIterable {
    case standard = "STANDARD"
    case express = "EXPRESS"
  }

  /// At most 80 characters.
  public var name: String
  /// In the Amazon States Language, at most 1 MB.
  public var definition: String
  /// The ARN of the role that it acts as.
  public var role: String
  /// What it is.
  public var kind: Kind
  /// At creation.
  public var tags: [String: String]

  /// A machine.
  public init(
    name: String, definition: String, role: String, kind: Kind = .standard, tags: [String: String] = [:]
  ) {
    self.name = name
    self.definition = definition
    self.role = role
    self.kind = kind
    self.tags = tags
  }
}

extension StateMachines {
  private struct Tag: Encodable, Sendable { var key: String, value: String }

  /// Makes a machine; the same specification once more gives the ARN of the one that there is.
  /// - Returns: its ARN.
  /// - Throws: ``FailedCall``, e.g. with the codes `StateMachineAlreadyExists` (with another definition or role) and
  ///   `InvalidDefinition`.
  public func create(_ machine: StateMachineSpecification) async throws(FailedCall) -> String {
    struct Input: Encodable, Sendable {
      var name: String, definition: String, roleArn: String, type: String, tags: [Tag]?
    }
    struct Output: Decodable, Sendable { var stateMachineArn: String }
    let tags = machine.tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
    let output: Output = try await ask(
      "CreateStateMachine",
      Input(
        name: machine.name, definition: machine.definition, roleArn: machine.role,
        type: machine.kind.rawValue,
        tags: tags.isEmpty ? nil : tags))
    return output.stateMachineArn
  }

  /// Gives a machine another definition or role; what is nil stays. Executions that run go on with what they began with.
  /// - Throws: ``FailedCall``, e.g. with the codes `StateMachineDoesNotExist` and `MissingRequiredParameter`.
  public func update(
    _ arn: String, definition: String? = nil, role: String? = nil
  ) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var stateMachineArn: String, definition: String?, roleArn: String? }
    let _: NoOutput = try await ask(
      "UpdateStateMachine", Input(stateMachineArn: arn, definition: definition, roleArn: role))
  }

  /// Deletes a machine when its executions have ended; one that there is not is no error.
  /// - Throws: ``FailedCall``.
  public func delete(_ arn: String) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var stateMachineArn: String }
    let _: NoOutput = try await ask("DeleteStateMachine", Input(stateMachineArn: arn))
  }

  /// Begins an execution that failed anew at the state that failed. One that ended in a Fail state only fails again.
  /// - Parameter token: at most 64 characters; the same one redrives once. nil leaves it to the service: then a call whose
  ///   answer was lost is not repeated.
  /// - Throws: ``FailedCall``, e.g. with the code `ExecutionNotRedrivable`.
  public func redrive(_ execution: String, token: String? = nil) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var executionArn: String, clientToken: String? }
    var options = ServiceClient.Options()
    options.isRepeatable = token != nil
    let _: NoOutput = try await ask(
      "RedriveExecution", Input(executionArn: execution, clientToken: token), options)
  }

  /// Tells that the work of a state that waits for its token goes on.
  /// - Throws: ``FailedCall``, e.g. with the code `TaskTimedOut`.
  public func heartbeat(_ token: String) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var taskToken: String }
    let _: NoOutput = try await ask("SendTaskHeartbeat", Input(taskToken: token))
  }

  /// Waits until an execution has ended, or the limit is reached.
  /// - Parameters:
  ///   - limit: how long to wait at most.
  ///   - pause: between two looks.
  /// - Returns: how it stands; it is still running where the limit was reached.
  /// - Throws: ``FailedCall`` where a look failed for good; what may pass is looked at again within the limit.
  public func wait(
    for execution: String, limit: Duration, pause: Duration = .seconds(2)
  ) async throws(FailedCall) -> Execution {
    let end = Deadline(client.clock.now() + limit)
    while true {
      do throws(FailedCall) {
        let found = try await describe(execution: execution)
        if ![.running, .pendingRedrive].contains(found.status) || end.hasCome(at: client.clock.now()) {
          return found
        }
      } catch {
        guard error.error.isPassing, !end.hasCome(at: client.clock.now()) else { throw error }
      }
      let left = end.left(at: client.clock.now()) ?? pause
      do { try await client.clock.sleep(max(min(pause, left), .milliseconds(1))) } catch {
        throw FailedCall(.late("DescribeExecution", in: region))
      }
    }
  }
}
