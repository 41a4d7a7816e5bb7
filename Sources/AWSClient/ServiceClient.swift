import Groundwork
import HTTPClient
import JSON
import Synchronization

/// Calls operations of an AWS service: signs, sends, retries, and learns the service's clock. Its own protocol is JSON 1.0
/// or 1.1; for others there are ``rest(_:region:_:returning:options:)`` and ``query(_:version:region:_:options:)``.
public struct ServiceClient: Sendable {
  /// What one attempt usually may take: most operations answer at once or not at all.
  public static let attemptTimeout = Duration.seconds(10)
  /// For how long one of many is patient where nobody says: no function of Lambda's lives longer.
  private static let longestPatience = Duration.seconds(900)

  /// Attempts in all that a call makes at most.
  public var maximumAttempts: Int { policy.maximumAttempts }
  /// Attempts beyond the first that all calls together have made so far.
  public var retries: Int { state.retries.load(ordering: .relaxed) }
  /// The clock that the client works with.
  public let clock: Clock
  /// A number from 0 up to 1.
  public let random: @Sendable () -> Double
  private let dependencies: Dependencies
  private let policy: RetryPolicy
  private let signingName: String
  private let targetPrefix: String
  private let jsonVersion: String
  private let normalizesPath: Bool
  private let endpoints: EndpointResolver
  private let caBundle: String?
  private let state = SharedState()

  /// - Parameters:
  ///   - service: name in endpoints and signatures, e.g. `ssm`.
  ///   - signingName: name in signatures, where that is another, e.g. `bedrock` of `bedrock-runtime`.
  ///   - id: the SDKs' id of the service, which stands in `AWS_ENDPOINT_URL_…`, e.g. `SFN` for `states`; nil where it is
  ///     the name.
  ///   - targetPrefix: what stands before the operation in `X-Amz-Target`, e.g. `AmazonSSM`.
  ///   - jsonVersion: of the protocol, `1.0` or `1.1`.
  ///   - normalizesPath: see ``SignatureV4/normalizesPath``.
  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(
    service: String, signingName: String? = nil, id: String? = nil, targetPrefix: String = "",
    jsonVersion: String = "1.1",
    normalizesPath: Bool = true, _ dependencies: Dependencies
  ) throws(ConfigurationError) {
    self.signingName = signingName ?? service
    self.targetPrefix = targetPrefix
    self.jsonVersion = jsonVersion
    self.normalizesPath = normalizesPath
    self.dependencies = dependencies
    clock = dependencies.clock
    random = dependencies.random
    policy = try RetryPolicy(environment: dependencies.environment)
    endpoints = try EndpointResolver(
      service: service, id: id ?? service, environment: dependencies.environment)
    caBundle = try CertificateBundle.path(environment: dependencies.environment)
  }

  /// Calls an operation.
  /// - Parameter isOurs: whether an output is the answer to this very call; another one is no answer.
  /// - Throws: ``FailedCall`` after the last attempt.
  public func call<Input: Encodable & Sendable, Output: Decodable & Sendable>(
    _ operation: String, region: Region, _ input: Input, returning: Output.Type = Output.self,
    options: Options = Options(), isOurs: @escaping @Sendable (Output) -> Bool = { _ in true }
  ) async throws(FailedCall) -> Output {
    let headers: HTTPHeaders = [
      "Content-Type": "application/x-amz-json-\(jsonVersion)", "X-Amz-Target": "\(targetPrefix).\(operation)",
    ]
    let message = Message(
      .post, path: "/", headers: headers, body: try encode(input, operation, region))
    return try await send(message, operation, region, options) { answer in
      answer.decoded(as: Output.self).flatMap { isOurs($0) ? $0 : nil }
    }
  }

  /// What is sent for an operation, before it is signed.
  struct Message: Sendable {
    var method: HTTPRequest.Method
    /// Percent-encoded, behind the endpoint's own.
    var path: String
    var query = ""
    var headers: HTTPHeaders
    var body: [UInt8]

    init(
      _ method: HTTPRequest.Method, path: String, query: String = "", headers: HTTPHeaders = [:],
      body: [UInt8] = []
    ) {
      self.method = method
      self.path = path
      self.query = query
      self.headers = headers
      self.body = body
    }
  }

  /// Sends a message until it is answered, or trying again makes no sense.
  /// - Parameter read: nil when the answer is not the operation's output.
  func send<Output: Sendable>(
    _ message: Message, _ operation: String, _ region: Region, _ options: Options,
    read: @Sendable (Answer) -> Output?
  ) async throws(FailedCall) -> Output {
    if options.isOneOfMany { return try await sendPaced(message, operation, region, options, read: read) }
    let attempts = min(policy.maximumAttempts, options.maximumAttempts)
    var retries = Retries()
    while true {
      let outcome = await attempt(message, operation, region, options, read: read)
      switch outcome {
      case .success(let output):
        state.quota.withLock { $0.succeeded(afterRetryFor: retries.last) }
        return output
      case .failure(let failure):
        try await pause(after: failure, &retries, attempts, options)
      }
    }
  }

  private func sendPaced<Output: Sendable>(
    _ message: Message, _ operation: String, _ region: Region, _ options: Options,
    read: @Sendable (Answer) -> Output?
  ) async throws(FailedCall) -> Output {
    let turnstile = state.turnstiles[operation, region]
    let latest = min(options.latest, Deadline(clock.now() + Self.longestPatience))
    let attempts = min(policy.maximumAttempts, options.maximumAttempts)
    var retries = Retries()
    var failure = FailedCall(.late(operation, in: region))
    while let ticket = await turnstile.enter(latest: latest, clock) {
      let outcome = await attempt(message, operation, region, options, read: read)
      switch outcome {
      case .success(let output):
        turnstile.succeeded()
        state.quota.withLock { $0.succeeded(afterRetryFor: retries.last) }
        return output
      case .failure(let throttled) where throttled.retry == .throttling:
        turnstile.throttled(
          ticket, at: clock.now(), retryAfter: throttled.retryAfter, random: random())
        failure = throttled.call
        state.retries.add(1, ordering: .relaxed)
      case .failure(let other):
        try await pause(after: other, &retries, attempts, options)
        failure = other.call
      }
    }
    throw failure
  }

  /// What a call has tried so far.
  private struct Retries {
    var failures = 0
    var last: RetryPolicy.Reason?
  }

  /// Waits before another attempt.
  /// - Throws: the failure where there is to be none.
  private func pause(
    after failure: Failure, _ retries: inout Retries, _ attempts: Int, _ options: Options
  ) async throws(FailedCall) {
    retries.failures += 1
    guard let reason = failure.retry, retries.failures < attempts,
      options.isRepeatable || !failure.call.mayHaveHappened,
      state.quota.withLock({ $0.take(for: reason) })
    else { throw failure.call }
    let delay = RetryPolicy.delay(
      after: retries.failures, for: reason, retryAfter: failure.retryAfter, random: random())
    if options.latest.hasCome(at: clock.now() + delay) { throw failure.call }
    do { try await clock.sleep(delay) } catch { throw failure.call }
    retries.last = reason
    state.retries.add(1, ordering: .relaxed)
  }

  // MARK: One attempt

  private struct Failure: Error {
    var call: FailedCall
    var retry: RetryPolicy.Reason?
    var retryAfter: Duration?
  }

  private func attempt<Output>(
    _ message: Message, _ operation: String, _ region: Region, _ options: Options,
    read: @Sendable (Answer) -> Output?
  ) async -> Result<Output, Failure> {
    if options.latest.hasCome(at: clock.now()) {
      return .failure(Failure(call: FailedCall(.late(operation, in: region))))
    }
    let skew = state.skew(of: region)
    let endpoint: Endpoint
    let request: HTTPRequest
    do throws(ConfigurationError) {
      endpoint = try endpoints.endpoint(in: region)
    } catch {
      return .failure(Failure(call: FailedCall(.configuration(error))))
    }
    let sent: UnixTime
    do throws(AWSError) {
      let credentials = options.isSigned ? try await currentCredentials() : nil
      // Credentials may have to be fetched: the time is that of the request itself.
      sent = clock.wall()
      request = self.request(message, region, endpoint, options, credentials, at: sent + skew)
    } catch {
      return .failure(Failure(call: FailedCall(error)))
    }
    let response: HTTPResponse
    do {
      response = try await dependencies.send(request)
    } catch {
      return .failure(transportFailure(error, operation, region, endpoint, timeLeft: request.timeout))
    }
    state.learnSkew(of: region, from: response.headers, sent: sent, received: clock.wall())
    let answer = Answer(response, operation: operation, region: region, endpoint: endpoint.origin)
    if let output = read(answer) { return .success(output) }
    let isSkewed =
      answer.mayMeanSkew && abs((state.skew(of: region) - skew).inSeconds) > ClockSkew.worthARetry.inSeconds
    return .failure(
      Failure(
        call: answer.failure, retry: isSkewed ? .transient : answer.retryReason,
        retryAfter: answer.retryAfter))
  }

  private func currentCredentials() async throws(AWSError) -> Credentials {
    if let credentials = dependencies.credentials { return try await credentials() }
    return try .ofEnvironment(dependencies.environment)
  }

  private func request(
    _ message: Message, _ region: Region, _ endpoint: Endpoint, _ options: Options,
    _ credentials: Credentials?, at time: UnixTime
  ) -> HTTPRequest {
    let path = endpoint.basePath + message.path
    var headers = message.headers
    headers.append("Host", endpoint.host)
    if let credentials {
      let signer = SignatureV4(
        service: signingName, region: endpoints.signingRegion(for: region).name,
        normalizesPath: normalizesPath, state.keys)
      headers = signer.sign(
        .init(
          method: message.method.rawValue, path: path, query: message.query, headers: headers,
          body: message.body), with: credentials, at: time)
    }
    // Of all that there is, the time in a queue included; the attempt's own time begins when it is sent.
    let left = options.latest.left(at: clock.now())
    return HTTPRequest(
      message.method, endpoint.origin + path + (message.query.isEmpty ? "" : "?\(message.query)"),
      headers: headers, body: message.body, timeout: left, exchangeTimeout: options.attemptTimeout,
      maximumBodySize: options.maximumAnswer, caBundle: caBundle,
      isRepeatable: options.isRepeatable, isCancellable: options.isCancellable)
  }

  private func transportFailure(
    _ error: HTTPError, _ operation: String, _ region: Region, _ endpoint: Endpoint, timeLeft: Duration?
  ) -> Failure {
    var reason = HTTPError(error.kind, code: error.code, message: error.message).description
    if error.kind == .timeout, let timeLeft, timeLeft < Self.attemptTimeout {
      reason += "; that was the last of the caller's time (\(timeLeft.inMilliseconds) ms)"
    }
    let unreachable = AWSError.Unreachable(
      operation: operation, region: region.name, endpoint: endpoint.origin, reason: reason,
      beginning: error.beginning)
    let isFinal = [.cancelled, .tls, .invalidRequest, .outOfMemory, .tooLarge, .stopped].contains(error.kind)
    return Failure(
      call: FailedCall(.unreachable(unreachable), mayHaveHappened: error.mayHaveArrived),
      retry: isFinal ? nil : .transient)
  }

  /// - Throws: ``FailedCall`` for an input that JSON can't hold.
  func encode<Input: Encodable>(
    _ input: Input, _ operation: String, _ region: Region
  ) throws(FailedCall) -> [UInt8] {
    do {
      return try JSONWriter().write(input)
    } catch {
      throw FailedCall(.unreadable(operation, in: region, "the request can't be encoded: \(error)"))
    }
  }
}

/// What the attempts of all calls share.
private final class SharedState: Sendable {
  let quota = Mutex(RetryQuota())
  let retries = Atomic(0)
  let turnstiles = Turnstiles()
  let keys = SigningKeys()
  private let skews = Mutex<[Region: ClockSkew]>([:])

  func skew(of region: Region) -> Duration { skews.withLock { $0[region]?.behind ?? .zero } }

  func learnSkew(of region: Region, from headers: HTTPHeaders, sent: UnixTime, received: UnixTime) {
    skews.withLock { $0[region, default: ClockSkew()].learn(from: headers, sent: sent, received: received) }
  }
}
