/// A value of the environment that can't be worked with.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Name of the environment variable.
  public var variable: String
  /// What it holds; nil when it is not set. Never a secret.
  public var value: String?
  /// What would be right.
  public var allowed: String

  /// A complaint about a variable.
  public init(_ variable: String, value: String?, allowed: String) {
    self.variable = variable
    self.value = value
    self.allowed = allowed
  }

  /// Names the variable, its value and what is allowed.
  public var description: String {
    let found = value.map { "is \"\($0.shown(bytes: 200))\"" } ?? "is not set"
    return "the environment variable \(variable) \(found); allowed: \(allowed)"
  }
}

/// Reads a variable of the environment; an empty one counts as not set.
public typealias Environment = @Sendable (String) -> String?

extension Failure {
  /// Why a function can't start.
  public init(_ error: ConfigurationError) {
    self.init(type: "Configuration.Invalid", message: error.description)
  }
}
