/// Which execution, and which part of it, an invocation belongs to.
struct RunIdentity: Equatable, Sendable {
  /// The execution's ARN.
  var execution: String
  /// Empty where the fleet is not rolled out in waves.
  var wave: String
  /// The wave's step; empty where nobody says.
  var step: String
  /// How many attempts of this invocation have failed before; nil where nobody says.
  var retryCount: Int?

  /// Whether an earlier attempt may have sent what this one is about to send.
  var mayBeSent: Bool { retryCount != 0 }
}
