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

  /// The text.
  public var description: String { text }
}

/// Reads the instances' parameters from Parameter Store.
public struct ParameterStore: Sendable {
  /// What was found, region by region.
  public struct Discovery: Sendable {
    /// Values by region and instance name.
    public var values: [Region: [String: [ParameterType: String]]] = [:]
    /// Why a region could not be read.
    public var failures: [Region: AWSError] = [:]

    /// Nothing found.
    public init() {}
  }

  private let client: AWSClient
  private let prefix: ParameterPrefix

  /// - Parameter client: calls SSM.
  public init(_ client: AWSClient, prefix: ParameterPrefix) {
    self.client = client
    self.prefix = prefix
  }

  /// Reads all pages of all regions, the regions at the same time.
  /// - Parameter latest: monotonic time after which there is no point in an answer.
  public func discover(in regions: [Region], latest: Double?) async -> Discovery {
    let byRegion = await concurrently(regions) { region in
      do throws(AWSError) {
        return Result<_, AWSError>.success(try await values(in: region, latest: latest))
      } catch {
        return .failure(error)
      }
    }
    var discovery = Discovery()
    for (region, result) in byRegion {
      switch result {
      case .success(let values): discovery.values[region] = values
      case .failure(let error): discovery.failures[region] = error
      }
    }
    return discovery
  }

  private func values(
    in region: Region, latest: Double?
  ) async throws(AWSError) -> [String: [ParameterType: String]] {
    var options = AWSClient.Options()
    options.latest = latest
    var found: [String: [ParameterType: String]] = [:]
    var token: String?
    repeat {
      let page: GetParametersByPath.Output
      do {
        page = try await client.call(
          GetParametersByPath.name, region: region.name,
          GetParametersByPath.Input(path: prefix.hierarchy, nextToken: token), options: options)
      } catch {
        throw error.error
      }
      for parameter in page.parameters { add(parameter, to: &found) }
      token = nextPage(page.nextToken, after: token)
    } while token != nil
    return found
  }

  /// Other parameters may lie below the prefix; they are none of our business.
  private func add(
    _ parameter: GetParametersByPath.Parameter, to found: inout [String: [ParameterType: String]]
  ) {
    guard parameter.name.hasPrefix(prefix.text) else { return }
    let parts = parameter.name.dropFirst(prefix.text.count).split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let type = ParameterType(rawValue: String(parts[1])) else { return }
    found[String(parts[0]), default: [:]][type] = parameter.value
  }
}
