/// How a deployment speaks of its fleet: in events, answers, metrics and variables. Everybody has the same words, so they
/// are handed on, not copied.
public final class Vocabulary: Sendable {
  /// One of the fleet, e.g. `router`.
  public let item: String
  /// All of them, e.g. `routers`: in summaries, metrics and messages.
  public let items: String
  /// What the fleet is written down in, for messages that list it, e.g. `topology`.
  public let whole: String
  /// The event's field that names some of the fleet, e.g. `instances`.
  public let names: String
  /// What a function of the deployment is called: the answer's field with its name, e.g. `phase`.
  public let function: String
  /// The namespace of the metrics in CloudWatch.
  public let namespace: String
  /// What the variables of the environment begin with, e.g. `SDWAN` for `SDWAN_RESULTS`.
  public let variables: String
  /// What the lines of the deployment's own scripts begin with, e.g. `sdwan: `: the reasons of a failure are looked
  /// for in them first.
  public let mark: String

  /// Words of a deployment; those that are left out are the words of a plain fleet.
  public init(
    item: String = "target", items: String = "targets", whole: String = "fleet", names: String = "targets",
    function: String = "function", namespace: String = "Fleet", variables: String = "FLEET",
    mark: String = "fleet: "
  ) {
    self.item = item
    self.items = items
    self.whole = whole
    self.names = names
    self.function = function
    self.namespace = namespace
    self.variables = variables
    self.mark = mark
  }

  /// `Phase` for `phase`.
  static func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}
