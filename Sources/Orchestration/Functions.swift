import AWSClient
import JSON
import Groundwork

/// Functions of AWS Lambda (service model `lambda-2015-03-31`, REST-JSON).
public struct Functions: Sendable {
  /// 6 MB is the most that a function may answer.
  private static let maximumAnswer = 8 << 20
  /// No function lives longer.
  private static let longestInvocation = Duration.seconds(900)

  /// Where they are.
  public let region: Region
  let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(service: "lambda", id: "Lambda", dependencies)
  }

  /// Calls a function and waits for its answer. A call whose answer is lost is not made again.
  /// - Parameters:
  ///   - name: name or ARN.
  ///   - event: JSON, at most 6 MB.
  ///   - latest: when there is no point in an answer any more.
  /// - Throws: ``InvocationFailure`` with the function's own error, or the reason why there is no answer.
  public func invoke(
    _ name: String, event: [UInt8], latest: Deadline = .never
  ) async throws(InvocationFailure) -> InvocationAnswer {
    let answer: RESTAnswer
    do {
      answer = try await invoke(name, event: event, kind: "RequestResponse", latest)
    } catch {
      throw .call(error)
    }
    let log = answer.headers["X-Amz-Log-Result"].flatMap { Base64.decode($0.utf8) }.map {
      String(decoding: $0, as: UTF8.self)
    }
    if answer.headers["X-Amz-Function-Error"] != nil {
      throw .function(FunctionFailure(answer.body, log: log))
    }
    return InvocationAnswer(
      payload: answer.body, log: log, requestID: answer.headers["x-amzn-RequestId"])
  }

  /// Hands a function an event; nobody waits for its answer.
  /// - Throws: ``FailedCall``.
  public func enqueue(_ name: String, event: [UInt8]) async throws(FailedCall) {
    _ = try await invoke(name, event: event, kind: "Event", .never)
  }

  /// Asks whether a function may be called, without calling it.
  /// - Throws: ``FailedCall``, e.g. with the code `AccessDeniedException`.
  public func mayInvoke(_ name: String) async throws(FailedCall) {
    _ = try await invoke(name, event: Array("{}".utf8), kind: "DryRun", .never)
  }

  /// How a function is set up.
  /// - Parameter name: name or ARN.
  /// - Throws: ``FailedCall``, e.g. with the code `ResourceNotFoundException`.
  public func describe(_ name: String) async throws(FailedCall) -> FunctionConfiguration {
    try await client.rest(
      "GetFunctionConfiguration", region: region,
      RESTRequest(.get, ["2015-03-31", "functions", name, "configuration"]))
  }

  private func invoke(
    _ name: String, event: [UInt8], kind: String, _ latest: Deadline
  ) async throws(FailedCall) -> RESTAnswer {
    var options = ServiceClient.Options()
    options.isRepeatable = false
    options.latest = latest
    // The function's own time, and some for the way.
    options.attemptTimeout = Self.longestInvocation + .seconds(30)
    options.maximumAnswer = Self.maximumAnswer
    let request = RESTRequest(
      .post, ["2015-03-31", "functions", name, "invocations"],
      headers: [
        "Content-Type": "application/json", "X-Amz-Invocation-Type": kind, "X-Amz-Log-Type": "Tail",
      ], body: event)
    return try await client.rest("Invoke", region: region, request, options: options)
  }
}

/// How a function is set up, as far as it is asked for.
public struct FunctionConfiguration: Decodable, Sendable {
  /// Its ARN.
  public var arn: String
  /// The variables of its environment.
  public var environment: [String: String]
  /// In MB.
  public var memory: Int
  /// In seconds.
  public var timeout: Int
  /// `x86_64` or `arm64`.
  public var architecture: String
  /// The file systems that it has.
  public var fileSystems: [FileSystem]

  /// A file system as a function has it.
  public struct FileSystem: Decodable, Sendable, Equatable {
    /// The ARN of the access point.
    public var accessPoint: String
    /// Where it is mounted.
    public var mountPath: String

    private enum CodingKeys: String, CodingKey {
      case accessPoint = "Arn"
      case mountPath = "LocalMountPath"
    }
  }

  private enum Key: String, CodingKey {
    case architectures = "Architectures"
    case arn = "FunctionArn"
    case environment = "Environment"
    case memory = "MemorySize"
    case timeout = "Timeout"
    case fileSystems = "FileSystemConfigs"
  }

  private struct Environment: Decodable {
    var Variables: [String: String]?
  }

  /// A configuration as Lambda tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    arn = try fields.decode(String.self, forKey: .arn)
    environment = try fields.decodeIfPresent(Environment.self, forKey: .environment)?.Variables ?? [:]
    memory = try fields.decodeIfPresent(Int.self, forKey: .memory) ?? 128
    timeout = try fields.decodeIfPresent(Int.self, forKey: .timeout) ?? 3
    architecture = try fields.decodeIfPresent([String].self, forKey: .architectures)?.first ?? "x86_64"
    fileSystems = try fields.decodeIfPresent([FileSystem].self, forKey: .fileSystems) ?? []
  }
}

/// What a function answered.
public struct InvocationAnswer: Sendable {
  /// JSON.
  public var payload: [UInt8]
  /// The last 4 KB of its log.
  public var log: String?
  /// Tells the invocation's lines in the log from others.
  public var requestID: String?
}

/// Why a function gave no answer.
public enum InvocationFailure: Error, Sendable, CustomStringConvertible {
  /// Lambda would not call it, or its answer was lost.
  case call(FailedCall)
  /// It ended with an error of its own.
  case function(FunctionFailure)

  /// In words.
  public var description: String {
    switch self {
    case .call(let call): "\(call.error)"
    case .function(let failure): "\(failure.type): \(failure.message)"
    }
  }
}

/// An error that a function ended with.
public struct FunctionFailure: Sendable, Equatable {
  /// E.g. `Event.Invalid`; `Unhandled` where the function did not say.
  public var type: String
  /// In words.
  public var message: String
  /// The last 4 KB of its log.
  public var log: String?

  private struct Payload: Decodable {
    var errorType: String?
    var errorMessage: String?
  }

  init(_ payload: [UInt8], log: String?) {
    let said = try? JSONReader().read(Payload.self, from: payload)
    type = said?.errorType ?? "Unhandled"
    message = said?.errorMessage ?? String(decoding: payload, as: UTF8.self).oneLine(limit: 300)
    self.log = log
  }
}
