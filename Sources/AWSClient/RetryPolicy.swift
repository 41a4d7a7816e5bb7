import Groundwork

/// What the AWS SDKs' shared specification calls standard retry mode, as revised in 2026.
public struct RetryPolicy: Sendable, Equatable {
  /// Attempts in all, the first included (`AWS_MAX_ATTEMPTS`).
  public var maximumAttempts: Int

  /// A policy; 3 attempts are the specification's default.
  public init(maximumAttempts: Int = 3) { self.maximumAttempts = maximumAttempts }

  /// - Throws: ``ConfigurationError`` when `AWS_MAX_ATTEMPTS` is no whole number from 1 to 100.
  public init(environment: Environment) throws(ConfigurationError) {
    guard let text = environment("AWS_MAX_ATTEMPTS"), !text.isEmpty else {
      self.init()
      return
    }
    guard let attempts = Int(text), (1...100).contains(attempts) else {
      throw ConfigurationError("AWS_MAX_ATTEMPTS", value: text, allowed: "a whole number from 1 to 100")
    }
    self.init(maximumAttempts: attempts)
  }

  /// Why another attempt makes sense.
  public enum Reason: Sendable, Equatable {
    case transient
    case throttling

    /// Tokens of the quota that a retry takes.
    var cost: Int { self == .throttling ? 5 : 14 }
    /// The pause before the first retry, before jitter.
    var base: Duration { self == .throttling ? .seconds(1) : .milliseconds(50) }
  }

  /// Sorts an answer by its status and error code; nil means that trying again would not help.
  public static func reason(status: Int, code: String) -> Reason? {
    if throttlingCodes.contains(code) { return .throttling }
    if transientCodes.contains(code) || [500, 502, 503, 504].contains(status) { return .transient }
    return nil
  }

  private static let transientCodes: Set = [
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete",
  ]

  private static let throttlingCodes: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "SlowDown", "EC2ThrottledException",
  ]

  /// The longest pause, before jitter.
  private static let longest = Duration.seconds(20)
  /// How much longer than that the service may ask for.
  private static let patience = Duration.seconds(5)

  /// How long to wait before a retry.
  /// - Parameters:
  ///   - failures: failed attempts so far, at least 1.
  ///   - retryAfter: what the service asked for (`x-amz-retry-after`).
  ///   - random: a number from 0 up to 1, for full jitter.
  public static func delay(
    after failures: Int, for reason: Reason, retryAfter: Duration? = nil, random: Double
  ) -> Duration {
    // 20 doublings pass the cap by far.
    let backoff = reason.base * (1 << min(max(failures - 1, 0), 20))
    let jittered = min(backoff, longest) * random
    guard let retryAfter else { return jittered }
    return min(max(retryAfter, jittered), jittered + patience)
  }
}

/// The token bucket that keeps a struggling service from being hit by retries.
public struct RetryQuota: Sendable, Equatable {
  /// Tokens of a full bucket.
  public static let capacity = 500
  /// Tokens left.
  public private(set) var tokens = RetryQuota.capacity

  /// A full bucket.
  public init() {}

  /// Takes a retry's tokens; false when there are too few left: then there is no retry.
  public mutating func take(for reason: RetryPolicy.Reason) -> Bool {
    guard tokens >= reason.cost else { return false }
    tokens -= reason.cost
    return true
  }

  /// A success gives back what its last retry took; without a retry it gives 1.
  public mutating func succeeded(afterRetryFor reason: RetryPolicy.Reason?) {
    tokens = min(tokens + (reason?.cost ?? 1), Self.capacity)
  }
}
