/// The SSM document that a command runs, with its parameters.
public struct CommandDocument: Sendable {
  private static let shellScript = "AWS-RunShellScript"
  private static let limit = "executionTimeout"

  /// Its name or ARN.
  public let name: String
  /// Made when they are sent: a fleet's scripts would fill a small function's memory.
  let parameters: @Sendable () -> [String: [String]]

  /// Tells what is sent from everything else: sixteen hexadecimal digits of its name and its parameters. It keeps no secret and
  /// proves nothing, so it need not be a cryptographic one, which would be a third of the work of a command.
  public var digest: String { digest(of: parameters()) }

  /// The same document with its parameters made, and its ``digest``: for one that is sent right away.
  public func made() -> (document: CommandDocument, digest: String) {
    let made = parameters()
    return (CommandDocument(name: name) { made }, digest(of: made))
  }

  private func digest(of parameters: [String: [String]]) -> String {
    var sum = ContentSum()
    sum.add(name)
    for (name, values) in parameters.sorted(by: { $0.key < $1.key }) {
      sum.add(name)
      sum.add(String(values.count))
      for value in values { sum.add(value) }
    }
    return sum.digits
  }

  /// A script of ours; the agent runs it as a file, so its first line counts.
  /// - Parameter time: how long it may run, in whole seconds.
  public static func script(
    _ script: @autoclosure @escaping @Sendable () -> String, within time: Duration
  ) -> CommandDocument {
    CommandDocument(name: shellScript) { ["commands": [script()], limit: [seconds(time)]] }
  }

  /// A document by its name or ARN.
  /// - Parameter time: how long it may run, in whole seconds, where the document takes that from outside: a document
  ///   that lacks the parameter would refuse it. Only the caller's own patience ends such a command.
  public static func named(
    _ name: String, _ parameters: [String: [String]], within time: Duration
  ) -> CommandDocument {
    let limits = name == shellScript ? [limit: [seconds(time)]] : [:]
    let all = limits.merging(parameters) { $1 }
    return CommandDocument(name: name) { all }
  }

  private static func seconds(_ time: Duration) -> String { String(max(time.inWholeSeconds, 1)) }
}
