import AWSClient

/// What every parameter's name begins with, e.g. `/sdwan/`.
public struct ParameterPrefix: Sendable, Equatable, CustomStringConvertible {
  /// Begins and ends with a slash.
  public let text: String

  /// `/sdwan/`.
  public static let standard = ParameterPrefix(known: "/sdwan/")

  /// nil unless the text begins with `/` and holds only what a parameter's name may hold.
  public init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x2D...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
        || (0x61...0x7A).contains(byte)
    }
    guard text.hasPrefix("/"), isPlain, !text.contains("//") else { return nil }
    self.text = text.hasSuffix("/") ? text : text + "/"
  }

  private init(known text: String) { self.text = text }

  /// The full name of a parameter: `/sdwan/{name}/{type}`.
  public func path(name: String, type: ParameterType) -> String { "\(text)\(name)/\(type.rawValue)" }

  /// The hierarchy to ask for, without the trailing slash.
  var hierarchy: String { text == "/" ? "/" : String(text.dropLast()) }

  /// The hierarchy of one instance.
  func hierarchy(of name: String) -> String { text + name }

  /// The text.
  public var description: String { text }
}

/// Reads the instances' parameters from Parameter Store.
public struct ParameterStore: Sendable {
  /// Values by instance name.
  public typealias Values = [String: [ParameterType: String]]

  /// Whose parameters are wanted of a region.
  public enum Scope: Sendable, Equatable {
    /// All that are below the prefix, page by page.
    case all
    /// Those of a few instances, each by itself.
    case instances(Set<String>)
  }

  /// What was found, region by region.
  public struct Discovery: Sendable {
    /// By region; a region that was read has an entry. A value longer than any right one is cut, with a mark that
    /// makes it wrong.
    public var values: [Region: Values] = [:]
    /// Parameters of instances that were found, also of those that nobody wants.
    public var count = 0
    /// Why a region could not be read.
    public var failures: [Region: AWSError] = [:]

    /// Nothing found.
    public init() {}

    /// Whether not a single parameter was found.
    public var isEmpty: Bool { count == 0 }
  }

  private let client: AWSClient
  private let prefix: ParameterPrefix

  /// - Parameter client: calls SSM.
  public init(_ client: AWSClient, prefix: ParameterPrefix) {
    self.client = client
    self.prefix = prefix
  }

  /// Reads the regions at the same time.
  /// - Parameters:
  ///   - scopes: whose parameters are asked for in each region.
  ///   - names: the instances whose parameters are kept; nil for all. Others may lie below the prefix, without end.
  ///   - latest: monotonic time after which there is no point in an answer.
  public func discover(
    _ scopes: [Region: Scope], keeping names: Set<String>? = nil, latest: Double?
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
      case .failure(let error): discovery.failures[region] = error
      }
    }
    return discovery
  }

  /// What one region gave.
  private struct Found: Sendable {
    var values: Values = [:]
    var count = 0
  }

  private func read(
    _ names: Set<String>, in region: Region, _ latest: Double?
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
    _ hierarchy: String, _ names: Set<String>?, in region: Region, _ latest: Double?
  ) async -> Result<Found, AWSError> {
    do throws(AWSError) {
      return .success(try await pages(of: hierarchy, names, in: region, latest))
    } catch {
      return .failure(error)
    }
  }

  private func pages(
    of hierarchy: String, _ names: Set<String>?, in region: Region, _ latest: Double?
  ) async throws(AWSError) -> Found {
    var options = AWSClient.Options()
    options.latest = latest
    var found = Found()
    var token: String?
    repeat {
      let page: GetParametersByPath.Output
      do {
        page = try await client.call(
          GetParametersByPath.name, region: region,
          GetParametersByPath.Input(path: hierarchy, nextToken: token), options: options)
      } catch {
        throw error.error
      }
      for parameter in page.parameters { add(parameter, names, to: &found) }
      token = nextPage(page.nextToken, after: token)
    } while token != nil
    return found
  }

  /// Bytes of a value that are kept: no right one is longer.
  private static let longestValue = 80

  /// Other parameters may lie below the prefix; they are none of our business.
  private func add(
    _ parameter: GetParametersByPath.Parameter, _ names: Set<String>?, to found: inout Found
  ) {
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
