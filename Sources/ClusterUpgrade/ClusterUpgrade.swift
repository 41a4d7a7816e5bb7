import FleetKit
import Groundwork
import HTTPClient

/// Upgrades of Amazon EKS clusters by one minor version of Kubernetes, in waves: five functions of one package, chosen by
/// the name of their handler.
public enum ClusterUpgrade {
  /// The words of clusters.
  static let vocabulary = Vocabulary(
    item: "cluster", items: "clusters", whole: "deployment", names: "clusters", function: "function",
    namespace: "ClusterUpgrade", variables: "UPGRADE", mark: "upgrade: ")

  /// The variable in which Lambda tells what the function's setting `handler` is.
  private static let variable = "_HANDLER"

  /// The function that its handler's name says, as a runtime runs it.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(in surroundings: Surroundings) throws(Failure) -> Handler {
    switch surroundings.environment(variable) {
    case Perception.name: return try Perception.handler(in: surroundings)
    case Reasoning.name: return try Reasoning.handler(in: surroundings)
    case Execution.name: return try Execution.handler(in: surroundings)
    case Validation.name: return try Validation.handler(in: surroundings)
    case Rollback.name: return try Rollback.handler(in: surroundings)
    case let other:
      throw Failure(
        ConfigurationError(
          variable, value: other,
          allowed: "the function's handler: perception, reasoning, execution, validation or rollback"))
    }
  }
}
