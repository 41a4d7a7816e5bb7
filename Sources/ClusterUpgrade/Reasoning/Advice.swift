import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// A model's words on a plan, for people. They decide nothing, and may be missing: rules have decided before the model is asked.
struct Advice: Sendable {
  /// The variable that names the model.
  static let variable = "UPGRADE_ADVICE_MODEL"
  /// Bytes of the comment that are kept.
  private static let longest = 2000
  /// What the model may take.
  private static let patience = Duration.seconds(30)
  private static let role = """
    You comment on plans to upgrade Amazon EKS clusters, for the engineer who reads them. The plan is made and the decision is \
    taken by rules; you can't change either. In at most 150 words of plain text, say what to look at before and after.
    """

  let models: LanguageModels
  let model: String
  let clock: Clock

  /// nil where the environment names no model.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) for a name that no model has.
  init?(_ services: FleetServices) throws(Failure) {
    guard let name = services.environment(Self.variable), !name.isEmpty else { return nil }
    do throws(ConfigurationError) {
      guard name.isPlain(1...2048, and: ".:/_-") else {
        throw ConfigurationError(
          Self.variable, value: name,
          allowed:
            "the id or ARN of a model or an inference profile: 1 to 2048 letters, digits, . : / _ and -")
      }
      models = try LanguageModels(in: services.settings.region, services.dependencies)
    } catch {
      throw Failure(error)
    }
    model = name
    clock = services.clock
  }

  /// Puts the model's comment on what was decided among the details, or a note why there is none.
  func comment(_ cluster: ClusterStep, _ reasons: [String], _ details: inout ClusterDetails) async {
    var lines = ["Cluster \(cluster.name), to \(cluster.target). The plan:"] + (details.plan ?? [])
    if !reasons.isEmpty { lines += ["It is refused:"] + reasons }
    let latest = min(cluster.latest, Deadline(clock.now() + Self.patience))
    do throws(FailedCall) {
      let words = try await models.ask(
        model, as: Self.role, lines.joined(separator: "\n").shown(bytes: 20_000), latest: latest)
      details.advice = words.isEmpty ? nil : words.oneLine(limit: Self.longest)
    } catch {
      details.notes =
        (details.notes ?? []) + ["no advice of \(model): \("\(error.error)".oneLine(limit: 200))"]
    }
  }
}
