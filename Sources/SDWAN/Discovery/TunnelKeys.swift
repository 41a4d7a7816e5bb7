import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Which tunnels have a key of their own. Only its name is known here: hosts alone read keys.
struct TunnelKeys: Sendable {
  /// Where nobody has a key of its own, or nobody asks.
  static let onlyCommon = TunnelKeys(found: [:])

  private let found: [Region: Result<Set<String>, AWSError>]

  /// - Parameter found: names of tunnels by region, or why they could not be read.
  init(found: [Region: Result<Set<String>, AWSError>]) { self.found = found }

  /// Whether every region could be read.
  var isWhole: Bool { found.values.allSatisfy { (try? $0.get()) != nil } }

  /// The tunnels of a region that have keys of their own.
  /// - Throws: ``Obstacle`` when that is not known: the common key would end a tunnel that has another one.
  func names(in region: Region) throws(Obstacle) -> Set<String> {
    switch found[region] {
    case .success(let names): return names
    case .failure(let error):
      throw Obstacle("which tunnels of \(region) have keys of their own could not be read: \(error)")
    case nil: return []
    }
  }
}

/// Asks for the names of the keys.
struct KeyNameReader: Sendable {
  let store: ParameterStore
  /// The common key's parameter; `/TUNNEL` behind it is a tunnel's.
  let path: String

  func read(in regions: Set<Region>, latest: Deadline) async -> TunnelKeys {
    return TunnelKeys(
      found: await concurrently(regions) { region in
        do throws(AWSError) {
          let names = try await store.names(below: path, in: region, latest: latest)
          return .success(Set(names.map { String($0.dropFirst(path.count + 1)) }))
        } catch {
          return .failure(error)
        }
      })
  }
}
