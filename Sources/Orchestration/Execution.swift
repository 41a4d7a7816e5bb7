import Groundwork

/// A state machine.
public struct StateMachine: Decodable, Sendable {
  /// Its ARN.
  public var stateMachineArn: String
  /// At most 80 characters.
  public var name: String
  /// `STANDARD` or `EXPRESS`.
  public var type: String
}

/// A state machine with its definition.
public struct StateMachineDescription: Decodable, Sendable {
  /// Its ARN.
  public var stateMachineArn: String
  /// At most 80 characters.
  public var name: String
  /// In the Amazon States Language.
  public var definition: String
  /// What the machine acts as.
  public var roleArn: String
}

/// An execution of a state machine, as far as the service told: a list has no inputs and outputs.
public struct Execution: Decodable, Sendable {
  /// How it stands.
  public enum Status: String, Decodable, Sendable, CaseIterable {
    case running = "RUNNING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case timedOut = "TIMED_OUT"
    case aborted = "ABORTED"
    case pendingRedrive = "PENDING_REDRIVE"
  }

  /// Its ARN.
  public var arn: String
  /// Its machine's.
  public var machine: String
  /// Its own, without the machine's.
  public var name: String
  /// How it stands.
  public var status: Status
  /// When it was started.
  public var started: UnixTime
  /// When it ended; nil while it runs.
  public var stopped: UnixTime?
  /// JSON; nil where it was not told.
  public var input: String?
  /// JSON, of one that succeeded.
  public var output: String?
  /// The name of what it failed with.
  public var error: String?
  /// Why.
  public var cause: String?

  private enum Key: String, CodingKey {
    case executionArn, stateMachineArn, name, status, startDate, stopDate, input, output, error, cause
  }

  /// An execution as Step Functions tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    arn = try fields.decode(String.self, forKey: .executionArn)
    machine = try fields.decodeIfPresent(String.self, forKey: .stateMachineArn) ?? ""
    name =
      try fields.decodeIfPresent(String.self, forKey: .name)
      ?? arn.split(separator: ":").last.map(String.init) ?? arn
    status = try fields.decode(Status.self, forKey: .status)
    started = UnixTime(seconds: try fields.decode(Double.self, forKey: .startDate))
    stopped = try fields.decodeIfPresent(Double.self, forKey: .stopDate).map { UnixTime(seconds: $0) }
    input = try fields.decodeIfPresent(String.self, forKey: .input)
    output = try fields.decodeIfPresent(String.self, forKey: .output)
    error = try fields.decodeIfPresent(String.self, forKey: .error)
    cause = try fields.decodeIfPresent(String.self, forKey: .cause)
  }
}
