import Groundwork
import HTTPClient

/// Why a call of an AWS operation failed.
public enum AWSError: Error, Sendable, Equatable {
  /// The service said no.
  case service(ServiceError)
  /// No answer of the service: network, TLS, time, or somebody else answered.
  case unreachable(Unreachable)
  /// The environment has no usable credentials, or names an endpoint that there is not.
  case configuration(ConfigurationError)
  /// Nobody gives credentials, or those who should don't.
  case credentials(CredentialsError)
  /// The caller's time was over before anything was sent: the service had no part in it.
  case late(Late)

  /// A service's own error.
  public struct ServiceError: Sendable, Equatable {
    /// E.g. `AccessDeniedException`, without a namespace.
    public var code: String
    /// The service's own words.
    public var message: String
    /// What AWS support asks for.
    public var requestID: String?
    /// The HTTP status.
    public var status: Int
    /// E.g. `SendCommand`.
    public var operation: String
    /// Where it was called.
    public var region: String
  }

  /// A call that came too late.
  public struct Late: Sendable, Equatable {
    /// E.g. `SendCommand`.
    public var operation: String
    /// Where it would have been called.
    public var region: String
  }

  /// What is known of a call that got no answer.
  public struct Unreachable: Sendable, Equatable {
    /// E.g. `SendCommand`.
    public var operation: String
    /// Where it was called.
    public var region: String
    /// The URL's origin.
    public var endpoint: String
    /// In words.
    public var reason: String
    /// Of an answer that was not the service's; nil where there was none.
    public var status: Int?
    /// What of a successful answer had come when it broke off.
    public var beginning: HTTPResponse? = nil
  }

  /// A call that nobody has the time to make.
  package static func late(_ operation: String, in region: Region) -> AWSError {
    .late(Late(operation: operation, region: region.name))
  }

  /// A call whose request or answer can't be written or read.
  package static func unreadable(_ operation: String, in region: Region, _ reason: String) -> AWSError {
    .unreachable(Unreachable(operation: operation, region: region.name, endpoint: "", reason: reason))
  }

  /// The error as seen from outside: the stable `errorType` of a failed invocation.
  public var type: String {
    switch self {
    case .service(let error): "AWS.\(error.code)"
    case .unreachable: "AWS.Unreachable"
    case .configuration: "Configuration.Invalid"
    case .credentials: "Credentials.Unavailable"
    case .late: "Deadline.Exceeded"
    }
  }

  /// Whether the same call may be answered later: the service was throttling, broken or out of reach, or the time was
  /// over. Nothing is known then of what was asked, and nothing has failed.
  public var isPassing: Bool {
    switch self {
    case .service(let error): RetryPolicy.reason(status: error.status, code: error.code) != nil
    case .unreachable, .late: true
    case .configuration, .credentials: false
    }
  }

  /// Whether the time was over before anything was sent.
  public var isLate: Bool { if case .late = self { true } else { false } }

  /// Whether the service was asked more often than it lets itself be.
  public var isThrottling: Bool {
    if case .service(let error) = self {
      RetryPolicy.reason(status: error.status, code: error.code) == .throttling
    } else {
      false
    }
  }

  /// Whether whoever answered does not know the operation, or does not let us call it: then it never will.
  public var meansNoSuchOperation: Bool {
    switch self {
    case .service(let error):
      [404, 501].contains(error.status) || Self.codesOfNoOperation.contains(error.code)
    case .unreachable(let error): [404, 405, 501].contains(error.status ?? 0)
    case .configuration, .credentials, .late: false
    }
  }

  private static let codesOfNoOperation: Set = [
    "UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented",
    "NotImplementedException", "AccessDeniedException", "AccessDenied",
  ]

  /// The service's error code, where it was the service that refused.
  public var code: String? {
    if case .service(let error) = self { error.code } else { nil }
  }
}

extension AWSError: CustomStringConvertible {
  /// What failed, where, and why, in one line.
  public var description: String {
    switch self {
    case .service(let error):
      let request = error.requestID.map { ", request \($0)" } ?? ""
      return
        "\(error.operation) in \(error.region): \(error.code): \(error.message) (HTTP \(error.status)\(request))\(error.hint)"
    case .unreachable(let error):
      return "\(error.operation) in \(error.region) got no answer from \(error.endpoint): \(error.reason)"
    case .configuration(let error):
      return error.description
    case .credentials(let error):
      return error.description
    case .late(let error):
      return "the time was over before \(error.operation) in \(error.region) was sent"
    }
  }
}

extension AWSError.ServiceError {
  /// What to look at where the service does not know who is asking. Nothing in a key tells its partition.
  fileprivate var hint: String {
    guard ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"].contains(code),
      let region = Region(region)
    else { return "" }
    let partition = Partition(of: region).name
    return
      "; are AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN those of an account in the partition \(partition), and is the region meant?"
  }
}

/// A failed call, and whether the service may have carried it out all the same.
public struct FailedCall: Error, Sendable, Equatable {
  /// Why it failed.
  public var error: AWSError
  /// True when an answer was lost or was a server error: for an operation that must not happen twice the
  /// caller has to find out first.
  public var mayHaveHappened: Bool

  /// A failed call.
  public init(_ error: AWSError, mayHaveHappened: Bool = false) {
    self.error = error
    self.mayHaveHappened = mayHaveHappened
  }
}
