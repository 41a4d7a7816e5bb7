import AWSClient
import Groundwork

/// State machines of AWS Step Functions and their executions (service model `states-2016-11-23`, JSON 1.0).
public struct StateMachines: Sendable {
  /// Bytes of an answer: an execution's input and output take 256 KiB each, a page of its history thousands of events.
  private static let maximumAnswer = 64 << 20
  /// Events or executions of a page; 1,000 is the most that the service gives.
  private static let page = 1000

  /// Where they are.
  public let region: Region
  let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(
      service: "states", id: "SFN", targetPrefix: "AWSStepFunctions", jsonVersion: "1.0", dependencies)
  }

  // MARK: Machines

  /// All of the account's in the region.
  /// - Throws: ``FailedCall``.
  public func list() async throws(FailedCall) -> [StateMachine] {
    struct Input: Encodable, Sendable { var nextToken: String? }
    struct Output: Decodable, Sendable {
      var stateMachines: [StateMachine]
      var nextToken: String?
    }
    var all: [StateMachine] = []
    try await pages { token throws(FailedCall) in
      let output: Output = try await ask("ListStateMachines", Input(nextToken: token))
      all += output.stateMachines
      return output.nextToken
    }
    return all
  }

  /// A machine with its definition.
  /// - Throws: ``FailedCall``, e.g. with the code `StateMachineDoesNotExist`.
  public func describe(_ arn: String) async throws(FailedCall) -> StateMachineDescription {
    struct Input: Encodable, Sendable { var stateMachineArn: String }
    return try await ask("DescribeStateMachine", Input(stateMachineArn: arn))
  }

  // MARK: Executions

  /// Starts an execution. With the name and the input of one that is running it gives that one's ARN.
  /// - Parameters:
  ///   - name: at most 80 characters; nil leaves it to the service: then a start whose answer was lost is not repeated.
  ///   - input: JSON, at most 256 KiB.
  /// - Returns: the execution's ARN.
  /// - Throws: ``FailedCall``, e.g. with the code `ExecutionAlreadyExists`.
  public func start(_ machine: String, name: String? = nil, input: String) async throws(FailedCall) -> String
  {
    struct Input: Encodable, Sendable { var stateMachineArn: String, name: String?, input: String }
    struct Output: Decodable, Sendable { var executionArn: String }
    var options = ServiceClient.Options()
    options.isRepeatable = name != nil
    let output: Output = try await ask(
      "StartExecution", Input(stateMachineArn: machine, name: name, input: input), options)
    return output.executionArn
  }

  /// Ends an execution as `ABORTED`.
  /// - Throws: ``FailedCall``, e.g. with the code `ExecutionDoesNotExist`.
  public func stop(_ execution: String, error: String? = nil, cause: String? = nil) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var executionArn: String, error: String?, cause: String? }
    let _: NoOutput = try await ask(
      "StopExecution", Input(executionArn: execution, error: error, cause: cause))
  }

  /// How an execution stands.
  /// - Throws: ``FailedCall``, e.g. with the code `ExecutionDoesNotExist`.
  public func describe(execution: String) async throws(FailedCall) -> Execution {
    struct Input: Encodable, Sendable { var executionArn: String }
    return try await ask("DescribeExecution", Input(executionArn: execution))
  }

  /// A machine's executions, the newest first. The service keeps those that have ended for 90 days.
  /// - Parameters:
  ///   - status: only these; nil for all.
  ///   - limit: how many are wanted at most.
  /// - Throws: ``FailedCall``.
  public func executions(
    of machine: String, _ status: Execution.Status? = nil, limit: Int = .max
  ) async throws(FailedCall) -> [Execution] {
    struct Input: Encodable, Sendable {
      var stateMachineArn: String, statusFilter: String?, maxResults: Int, nextToken: String?
    }
    struct Output: Decodable, Sendable {
      var executions: [Execution]
      var nextToken: String?
    }
    var all: [Execution] = []
    try await pages { token throws(FailedCall) in
      let output: Output = try await ask(
        "ListExecutions",
        Input(
          stateMachineArn: machine, statusFilter: status?.rawValue,
          maxResults: min(max(limit - all.count, 1), Self.page), nextToken: token))
      all += output.executions
      return all.count < limit ? output.nextToken : nil
    }
    return Array(all.prefix(limit))
  }

  /// An execution's events, page by page.
  /// - Parameters:
  ///   - isNewestFirst: from the end to the beginning.
  ///   - hasData: with what the states were given and gave.
  ///   - take: gets a page; false where no more is wanted.
  /// - Throws: ``FailedCall``.
  public func history(
    of execution: String, isNewestFirst: Bool = false, hasData: Bool = true,
    take: ([HistoryEvent]) -> Bool
  ) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var executionArn: String, maxResults: Int, reverseOrder: Bool, includeExecutionData: Bool,
        nextToken: String?
    }
    struct Output: Decodable, Sendable {
      var events: [HistoryEvent]
      var nextToken: String?
    }
    try await pages { token throws(FailedCall) in
      let output: Output = try await ask(
        "GetExecutionHistory",
        Input(
          executionArn: execution, maxResults: Self.page, reverseOrder: isNewestFirst,
          includeExecutionData: hasData, nextToken: token))
      return take(output.events) ? output.nextToken : nil
    }
  }

  // MARK: Tasks that wait

  /// Ends a state that waits for its token, well.
  /// - Parameter output: JSON.
  /// - Throws: ``FailedCall``, e.g. with the code `TaskTimedOut`.
  public func succeed(_ token: String, output: String = "{}") async throws(FailedCall) {
    struct Input: Encodable, Sendable { var taskToken: String, output: String }
    let _: NoOutput = try await ask("SendTaskSuccess", Input(taskToken: token, output: output))
  }

  /// Ends a state that waits for its token with an error.
  /// - Throws: ``FailedCall``, e.g. with the code `TaskTimedOut`.
  public func fail(_ token: String, error: String, cause: String) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var taskToken: String, error: String, cause: String }
    let _: NoOutput = try await ask("SendTaskFailure", Input(taskToken: token, error: error, cause: cause))
  }

  // MARK: Calls

  func ask<Output: Decodable & Sendable>(
    _ operation: String, _ input: some Encodable & Sendable, _ options: ServiceClient.Options = .init()
  ) async throws(FailedCall) -> Output {
    var options = options
    options.maximumAnswer = Self.maximumAnswer
    return try await client.call(operation, region: region, input, options: options)
  }

  private func pages(_ read: (String?) async throws(FailedCall) -> String?) async throws(FailedCall) {
    var token: String?
    repeat {
      let next = try await read(token)
      // A service that gives the same token for ever would never end.
      token = next == token ? nil : next
    } while token != nil
  }
}
