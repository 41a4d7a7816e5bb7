import Groundwork
import HTTPClient

extension ServiceClient {
  /// What the client needs from outside.
  public struct Dependencies: Sendable {
    /// Sends one HTTP request.
    public var send: @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse
    /// Tells the time and waits.
    public var clock: Clock
    /// A number from 0 up to 1.
    public var random: @Sendable () -> Double
    /// The process environment; read anew for every attempt.
    public var environment: Environment
    /// Gives what an attempt is signed with, asked before each, because credentials rotate; nil for the environment's.
    public var credentials: (@Sendable () async throws(AWSError) -> Credentials)?

    /// A program's own connections, clock and environment.
    public init(_ surroundings: Surroundings) {
      let client = surroundings.client
      self.init(
        send: { request throws(HTTPError) in try await client.perform(request) },
        clock: surroundings.clock, environment: surroundings.environment)
    }

    /// What the client works with.
    public init(
      send: @escaping @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse, clock: Clock,
      random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, environment: @escaping Environment
    ) {
      self.send = send
      self.clock = clock
      self.random = random
      self.environment = environment
    }
  }

  /// How one call differs from the usual.
  public struct Options: Sendable {
    /// False for an operation that must not happen twice: then only failures after which it certainly has
    /// not happened are retried.
    public var isRepeatable = true
    /// Whether the call is one of many, such as a fleet's: then it goes at the pace that all calls of its operation and
    /// region have learnt from the service, and is throttled as often as it may be until `latest`, within 15 minutes
    /// where there is none. What is no throttling is tried as often as ever.
    public var isOneOfMany = false
    /// Attempts at most, where fewer than the policy's are wanted.
    public var maximumAttempts = Int.max
    /// What one attempt may take; most operations answer at once or not at all.
    public var attemptTimeout = ServiceClient.attemptTimeout
    /// When there is no point in an answer any more.
    public var latest = Deadline.never
    /// Whether cancelling the task ends the call.
    public var isCancellable = true
    /// Whether the call is signed. A few that give credentials take none.
    public var isSigned = true
    /// Bytes of an answer at most; a longer one is refused while it comes.
    public var maximumAnswer = 1 << 20

    /// The usual.
    public init() {}
  }
}
