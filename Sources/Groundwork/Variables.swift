/// Reads variables of the environment, one at a time, each checked.
public struct Variables: Sendable {
  private let environment: Environment

  /// - Parameter environment: gives a variable's text.
  public init(_ environment: @escaping Environment) { self.environment = environment }

  /// A variable that has to be there.
  /// - Parameters:
  ///   - allowed: what would be right, for people.
  ///   - parse: nil for a text that is not.
  /// - Throws: ``ConfigurationError`` that names the variable, its value and what is allowed.
  public func callAsFunction<Value>(
    _ name: String, _ allowed: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    guard let text = environment(name), let value = parse(text) else {
      throw ConfigurationError(name, value: environment(name), allowed: allowed)
    }
    return value
  }

  /// A variable that may be missing.
  /// - Throws: ``ConfigurationError`` where it is there and wrong.
  public func callAsFunction<Value>(
    _ name: String, or standard: Value, _ allowed: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    environment(name) == nil ? standard : try self(name, allowed, parse)
  }

  /// Whole seconds.
  public func seconds(
    _ name: String, or standard: Duration, whole range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Duration {
    try self(name, or: standard, "whole seconds from \(range.lowerBound) to \(range.upperBound)") {
      Int($0).flatMap { range.contains($0) ? .seconds($0) : nil }
    }
  }

  /// Seconds with or without a fraction.
  /// - Parameter allowed: the range in words.
  public func seconds(
    _ name: String, or standard: Duration, _ range: ClosedRange<Double>, _ allowed: String
  ) throws(ConfigurationError) -> Duration {
    try self(name, or: standard, allowed) {
      Double($0).flatMap { range.contains($0) ? .seconds($0) : nil }
    }
  }
}
