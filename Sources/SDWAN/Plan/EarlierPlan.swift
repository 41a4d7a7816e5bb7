import AWSClient
import FleetKit
import FoundationEssentials
import SSMKit

/// What phase 1's plan, in the event of phase 2's, says of the routers.
struct EarlierPlan: Decodable {
  private let result: PhaseResult

  private enum CodingKeys: String, CodingKey { case result = "phase1_result" }

  /// What would be done to each router that it tells of. An earlier result of another kind, or of another mode, or one that
  /// holds more than an event may, says nothing.
  static func routers(in event: [UInt8]) -> [String: PlannedChanges.Container] {
    var reader = StrictJSON(event, maximumValues: FleetEvent.maximumValues)
    guard let known = try? reader.object(keeping: [CodingKeys.result.rawValue]),
      let plan = try? JSONDecoder().decode(Self.self, from: Data(known))
    else { return [:] }
    return plan.result.results.compactMapValues(\.container)
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
