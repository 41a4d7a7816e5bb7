import AWSClient
import Groundwork
import SSMKit

/// What Parameter Store knows of instances, region by region.
struct Discovery: Sendable {
  /// Values by instance name.
  typealias Values = [String: [ParameterType: String]]

  /// Whose parameters are wanted of a region.
  enum Scope: Sendable, Equatable {
    /// All that are below the prefix, page by page.
    case all
    /// Those of a few instances, each by itself.
    case instances(Set<String>)
  }

  /// By region; a region that was read has an entry. A value longer than any right one is cut, with a mark that
  /// makes it wrong.
  var values: [Region: Values] = [:]
  /// Parameters of instances that were found, also of those that nobody wants.
  var count = 0
  /// Why a region could not be read.
  var failures: [Region: AWSError] = [:]

  /// Whether not a single parameter was found.
  var isEmpty: Bool { count == 0 }
}

/// Reads the instances' parameters.
struct InstanceStore: Sendable {
  /// Bytes of a value that are kept: no right one is longer.
  private static let longestValue = 80

  let store: ParameterStore
  let prefix: ParameterPrefix

  /// Reads the regions at the same time.
  /// - Parameters:
  ///   - scopes: whose parameters are asked for in each region.
  ///   - names: the instances whose parameters are kept; nil for all. Others may lie below the prefix, without end.
  func discover(
    _ scopes: [Region: Discovery.Scope], keeping names: Set<String>? = nil, latest: Deadline
  ) async -> Discovery {
    let byRegion = await concurrently(scopes.keys) { region in
      switch scopes[region] ?? .all {
      case .all: await read(prefix.hierarchy, names, in: region, latest)
      case .instances(let names): await read(names, in: region, latest)
      }
    }
    var discovery = Discovery()
    for (region, result) in byRegion {
      switch result {
      case .success(let found):
        discovery.values[region] = found.values
        discovery.count += found.count
      case .failure(let error):
        discovery.failures[region] = error
      }
    }
    return discovery
  }

  /// What one region holds.
  private struct Found: Sendable {
    var values: Discovery.Values = [:]
    var count = 0
  }

  private func read(
    _ names: Set<String>, in region: Region, _ latest: Deadline
  ) async -> Result<Found, AWSError> {
    let byName = await concurrently(names) { await read(prefix.hierarchy(of: $0), [$0], in: region, latest) }
    var all = Found()
    for result in byName.values {
      switch result {
      case .success(let one):
        all.values.merge(one.values) { $1 }
        all.count += one.count
      case .failure(let error): return .failure(error)
      }
    }
    return .success(all)
  }

  private func read(
    _ hierarchy: String, _ names: Set<String>?, in region: Region, _ latest: Deadline
  ) async -> Result<Found, AWSError> {
    do throws(AWSError) {
      return .success(
        try await store.read(below: hierarchy, in: region, latest: latest, into: Found()) {
          add($1, names, to: &$0)
        })
    } catch {
      return .failure(error)
    }
  }

  /// Other parameters may lie below the prefix; they are none of our business.
  private func add(_ parameter: ParameterStore.Parameter, _ names: Set<String>?, to found: inout Found) {
    guard parameter.name.hasPrefix(prefix.text) else { return }
    let parts = parameter.name.dropFirst(prefix.text.count).split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let type = ParameterType(rawValue: String(parts[1])) else { return }
    found.count += 1
    let name = String(parts[0])
    guard names?.contains(name) ?? true else { return }
    found.values[name, default: [:]][type] = parameter.value.shown(bytes: Self.longestValue)
  }
}
