import AWSClient
import Groundwork
import HTTPClient

/// What the credentials of somebody at a terminal are looked for with.
public struct ToolSurroundings: Sendable {
  /// How a command ended.
  public struct CommandEnd: Sendable {
    /// 0 for success.
    public var status: Int32
    /// What it printed.
    public var output: [UInt8]
    /// What it said on standard error.
    public var complaint: String

    /// An end.
    public init(status: Int32, output: [UInt8], complaint: String) {
      self.status = status
      self.output = output
      self.complaint = complaint
    }
  }

  /// Sends one HTTP request.
  public var send: @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse
  /// Tells the time and waits.
  public var clock: Clock
  /// The variables of the process.
  public var environment: Environment
  /// A file's bytes; nil where it can't be read.
  public var read: @Sendable (_ path: String) -> [UInt8]?
  /// Keeps a file, for its owner alone; where that fails, it is not kept.
  public var write: @Sendable (_ path: String, _ bytes: [UInt8]) -> Void
  /// Runs a command line of the user's shell (`credential_process`).
  public var run: @Sendable (_ command: String) async -> CommandEnd
  /// Asks for the six digits of an MFA device; nil where nobody can be asked.
  public var askForCode: @Sendable (_ device: String) async -> String?

  /// What the credentials are looked for with.
  public init(
    send: @escaping @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse, clock: Clock,
    environment: @escaping Environment, read: @escaping @Sendable (String) -> [UInt8]?,
    write: @escaping @Sendable (String, [UInt8]) -> Void = { _, _ in },
    run: @escaping @Sendable (String) async -> CommandEnd,
    askForCode: @escaping @Sendable (String) async -> String? = { _ in nil }
  ) {
    self.send = send
    self.clock = clock
    self.environment = environment
    self.read = read
    self.write = write
    self.run = run
    self.askForCode = askForCode
  }
}

/// Credentials, and until when they are good.
struct TemporaryCredentials: Sendable, Equatable {
  var credentials: Credentials
  /// nil for ever.
  var expiration: UnixTime?
}
