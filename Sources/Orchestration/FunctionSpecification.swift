import Groundwork

/// What a function is made of.
public struct FunctionSpecification: Sendable, Equatable {
  /// Letters, digits, `-` and `_`; at most 64.
  public var name: String
  /// The ARN of the role that it acts as.
  public var role: String
  /// The deployment package; a zip is sent with the call up to 50 MB.
  public var zip: [UInt8]
  /// What its bootstrap is told, e.g. to choose among the functions of one zip.
  public var handler: String
  /// E.g. `provided.al2023`.
  public var runtime: String
  /// `x86_64` or `arm64`; a function's never changes but with its code.
  public var architecture: String
  /// In seconds, at most 900.
  public var timeout: Int
  /// In MB, 128 to 10,240.
  public var memory: Int
  /// Variables, at most 4 KB.
  public var environment: [String: String]
  /// In words.
  public var about: String
  /// At creation.
  public var tags: [String: String]

  /// A function.
  public init(
    name: String, role: String, zip: [UInt8], handler: String = "bootstrap",
    runtime: String = "provided.al2023", architecture: String = "x86_64", timeout: Int = 60,
    memory: Int = 128, environment: [String: String] = [:], about: String = "", tags: [String: String] = [:]
  ) {
    self.name = name
    self.role = role
    self.zip = zip
    self.handler = handler
    self.runtime = runtime
    self.architecture = architecture
    self.timeout = timeout
    self.memory = memory
    self.environment = environment
    self.about = about
    self.tags = tags
  }
}

/// A function that was deployed.
public struct DeployedFunction: Sendable, Equatable {
  /// Its ARN, without a version.
  public var arn: String
  /// What was published, from 1 on.
  public var version: String
  /// Whether there was none of that name.
  public var isNew: Bool
}

/// Why a function was not deployed.
public enum DeploymentFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// A call failed.
  case call(FunctionCall)
  /// It came to no good end, or to none within the time. In words.
  case unready(String)

  /// The function's name, and the call.
  public struct FunctionCall: Sendable, Equatable {
    /// The function's.
    public var name: String
    /// The call's.
    public var reason: String
    /// The service's error code.
    public var code: String?
  }

  /// In words.
  public var description: String {
    switch self {
    case .call(let call): "\(call.name): \(call.reason)"
    case .unready(let reason): reason
    }
  }
}
