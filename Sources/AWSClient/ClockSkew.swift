import Groundwork
import HTTPClient

/// How far this machine's clock is behind the service's.
public struct ClockSkew: Sendable, Equatable {
  /// What to add to the local time before signing.
  public private(set) var behind = Duration.zero

  /// Below this a refused signature has another reason than the clock (AWS allows 5 minutes).
  static let worthARetry = Duration.seconds(4 * 60)

  /// No skew is known yet.
  public init() {}

  /// Learns from an answer's `Date`. A cached answer (`Age`) tells nothing.
  /// - Parameters: the local times at which the request went out and the answer was there.
  public mutating func learn(from headers: HTTPHeaders, sent: UnixTime, received: UnixTime) {
    guard headers["Age"] == nil, let date = headers["Date"].flatMap(UTCDateTime.time(httpDate:))
    else { return }
    behind = date - (sent + (received - sent) / 2)
  }

  /// Whether an error can mean that the clock was wrong.
  static func isSkewError(_ code: String) -> Bool {
    [
      "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
      "SignatureDoesNotMatch", "AuthFailure",
    ].contains(code)
  }
}
