import FleetKit

/// What phase 1's plan, in the event of phase 2's, says of the routers.
struct EarlierPlan: EventPart {
  private let result: PhaseResult

  private enum CodingKeys: String, CodingKey { case result = "phase1_result" }

  static let names: Set = [CodingKeys.result.rawValue]

  /// What would be done to each router that it tells of. An earlier result of another kind, or of another mode, or one that
  /// holds more than an event may, says nothing.
  static func routers(in event: FleetEvent) -> [String: PlannedChanges.Container] {
    (try? event.part(Self.self))?.result.results.compactMapValues(\.container) ?? [:]
  }

  private struct PhaseResult: Decodable {
    let results: [String: RouterResult]
  }

  private struct RouterResult: Decodable {
    let container: PlannedChanges.Container?

    private enum Key: String, CodingKey { case details, container }

    init(from decoder: any Decoder) throws {
      let router = try? decoder.container(keyedBy: Key.self)
      let details = try? router?.nestedContainer(keyedBy: Key.self, forKey: .details)
      container = try? details?.decode(PlannedChanges.Container.self, forKey: .container)
    }
  }
}
