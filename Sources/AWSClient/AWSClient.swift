import FoundationEssentials
import Synchronization

/// Calls operations of an AWS service that speaks the JSON 1.1 protocol: signs, sends, retries, and learns
/// the service's clock.
public struct AWSClient: Sendable {
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
    /// Attempts at most, where fewer than the policy's are wanted.
    public var maximumAttempts = Int.max
    /// Monotonic time after which there is no point in an answer.
    public var latest: Double?
    /// Whether cancelling the task ends the call.
    public var isCancellable = true

    /// The usual.
    public init() {}
  }

  /// Seconds that one attempt may take: these operations answer at once or not at all.
  static let attemptTimeout: Double = 10

  /// Attempts in all that a call makes at most.
  public var maximumAttempts: Int { policy.maximumAttempts }
  /// The clock that the client works with.
  public let clock: Clock
  /// A number from 0 up to 1.
  public let random: @Sendable () -> Double
  private let dependencies: Dependencies
  private let policy: RetryPolicy
  private let service: String
  private let targetPrefix: String
  private let endpointOverride: Endpoint?
  private let caBundle: String?
  private let state = SharedState()

  /// - Parameters:
  ///   - service: name in endpoints and signatures, e.g. `ssm`.
  ///   - targetPrefix: what stands before the operation in `X-Amz-Target`, e.g. `AmazonSSM`.
  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(service: String, targetPrefix: String, _ dependencies: Dependencies) throws(ConfigurationError)
  {
    self.service = service
    self.targetPrefix = targetPrefix
    self.dependencies = dependencies
    clock = dependencies.clock
    random = dependencies.random
    policy = try RetryPolicy(environment: dependencies.environment)
    endpointOverride = try Endpoint.override(service: service, environment: dependencies.environment)
    caBundle = try CertificateBundle.path(environment: dependencies.environment)
  }

  /// Calls an operation.
  /// - Throws: ``FailedCall`` after the last attempt.
  public func call<Input: Encodable & Sendable, Output: Decodable & Sendable>(
    _ operation: String, region: String, _ input: Input, returning: Output.Type = Output.self,
    options: Options = Options()
  ) async throws(FailedCall) -> Output {
    let body = try encode(input, operation, region)
    let attempts = min(policy.maximumAttempts, options.maximumAttempts)
    var lastRetry: RetryPolicy.Reason?
    var failures = 0
    while true {
      let outcome = await attempt(operation, region, body, options, decoding: Output.self)
      switch outcome {
      case .success(let output):
        state.quota.withLock { $0.succeeded(afterRetryFor: lastRetry) }
        return output
      case .failure(let failure):
        failures += 1
        guard let reason = failure.retry, failures < attempts,
          options.isRepeatable || !failure.call.mayHaveHappened,
          state.quota.withLock({ $0.take(for: reason) })
        else { throw failure.call }
        let delay = RetryPolicy.delay(
          after: failures, for: reason, retryAfter: failure.retryAfter, random: random())
        if let latest = options.latest, clock.monotonic() + delay >= latest { throw failure.call }
        do { try await clock.sleep(delay) } catch { throw failure.call }
        lastRetry = reason
      }
    }
  }

  // MARK: One attempt

  private struct Failure: Error {
    var call: FailedCall
    var retry: RetryPolicy.Reason?
    var retryAfter: Double?
  }

  private func attempt<Output: Decodable>(
    _ operation: String, _ region: String, _ body: [UInt8], _ options: Options, decoding: Output.Type
  ) async -> Result<Output, Failure> {
    let endpoint = endpointOverride ?? Endpoint(service: service, region: region)
    let skew = state.skew(of: region)
    let sent = clock.wall()
    let request: HTTPRequest
    do {
      request = try signedRequest(operation, region, endpoint, body, options, at: sent + skew)
    } catch {
      return .failure(Failure(call: FailedCall(.configuration(error))))
    }
    let response: HTTPResponse
    do {
      response = try await dependencies.send(request)
    } catch {
      return .failure(transportFailure(error, operation, region, endpoint))
    }
    state.learnSkew(of: region, from: response.headers, sent: sent, received: clock.wall())
    let answer = Answer(response, operation: operation, region: region, endpoint: endpoint.origin)
    if let output = answer.decoded(as: Output.self) { return .success(output) }
    let isSkewed = answer.mayMeanSkew && abs(state.skew(of: region) - skew) > ClockSkew.worthARetry
    return .failure(
      Failure(
        call: answer.failure, retry: isSkewed ? .transient : answer.retryReason,
        retryAfter: answer.retryAfter))
  }

  private func signedRequest(
    _ operation: String, _ region: String, _ endpoint: Endpoint, _ body: [UInt8], _ options: Options,
    at time: Double
  ) throws(ConfigurationError) -> HTTPRequest {
    let credentials = try Credentials(environment: dependencies.environment)
    let path = endpoint.basePath + "/"
    let headers: HTTPHeaders = [
      "Host": endpoint.host,
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "\(targetPrefix).\(operation)",
    ]
    let signed = SignatureV4(service: service, region: region).sign(
      .init(method: "POST", path: path, headers: headers, body: body), with: credentials, at: time)
    let left = options.latest.map { max($0 - clock.monotonic(), 0.001) } ?? .infinity
    return HTTPRequest(
      .post, endpoint.origin + path, headers: signed, body: body,
      timeout: min(Self.attemptTimeout, left), caBundle: caBundle,
      isRepeatable: options.isRepeatable, isCancellable: options.isCancellable)
  }

  private func transportFailure(
    _ error: HTTPError, _ operation: String, _ region: String, _ endpoint: Endpoint
  ) -> Failure {
    let unreachable = AWSError.Unreachable(
      operation: operation, region: region, endpoint: endpoint.origin,
      reason: HTTPError(error.kind, code: error.code, message: error.message).description)
    let isFinal = [.cancelled, .tls, .invalidRequest, .outOfMemory].contains(error.kind)
    return Failure(
      call: FailedCall(.unreachable(unreachable), mayHaveHappened: error.mayHaveArrived),
      retry: isFinal ? nil : .transient)
  }

  private func encode<Input: Encodable>(
    _ input: Input, _ operation: String, _ region: String
  ) throws(FailedCall) -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(input))
    } catch {
      throw FailedCall(
        .unreachable(
          .init(
            operation: operation, region: region, endpoint: "",
            reason: "the request can't be encoded: \(error)")))
    }
  }
}

/// What the attempts of all calls share.
private final class SharedState: Sendable {
  let quota = Mutex(RetryQuota())
  private let skews = Mutex<[String: ClockSkew]>([:])

  func skew(of region: String) -> Double { skews.withLock { $0[region]?.seconds ?? 0 } }

  func learnSkew(of region: String, from headers: HTTPHeaders, sent: Double, received: Double) {
    skews.withLock { $0[region, default: ClockSkew()].learn(from: headers, sent: sent, received: received) }
  }
}
