/// How far this machine's clock is behind the service's.
public struct ClockSkew: Sendable, Equatable {
  /// Seconds to add to the local time before signing.
  public private(set) var seconds: Double = 0

  /// Below this a refused signature has another reason than the clock (AWS allows 5 minutes).
  static let worthARetry: Double = 4 * 60

  /// No skew is known yet.
  public init() {}

  /// Learns from an answer's `Date`. A cached answer (`Age`) tells nothing.
  /// - Parameters: the local times at which the request went out and the answer was there.
  public mutating func learn(from headers: HTTPHeaders, sent: Double, received: Double) {
    guard headers["Age"] == nil, let date = headers["Date"].flatMap(UTCDateTime.secondsSince1970(httpDate:))
    else { return }
    seconds = date - (sent + received) / 2
  }

  /// Whether an error can mean that the clock was wrong.
  static func isSkewError(_ code: String) -> Bool {
    [
      "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
      "SignatureDoesNotMatch", "AuthFailure",
    ].contains(code)
  }
}
