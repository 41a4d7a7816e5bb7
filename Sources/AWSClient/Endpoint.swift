/// Where a service is reached.
public struct Endpoint: Sendable, Equatable {
  /// `https://host[:port]` without a path.
  public let origin: String
  /// The path in front of the service's own, without a trailing slash; usually empty.
  public let basePath: String

  /// The `Host` header that libcurl will send for this origin.
  public var host: String {
    let authority = origin.drop { $0 != "/" }.drop { $0 == "/" }
    if origin.hasPrefix("https://"), authority.hasSuffix(":443") { return String(authority.dropLast(4)) }
    if origin.hasPrefix("http://"), authority.hasSuffix(":80") { return String(authority.dropLast(3)) }
    return String(authority)
  }

  /// The public endpoint of a service in a region, in the region's partition.
  public init(service: String, region: String) {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    origin = "https://\(service).\(region).\(domain)"
    basePath = ""
  }

  /// An endpoint that the environment names; nil unless it is an absolute http or https URL without query.
  public init?(url: String) {
    guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else {
      return nil
    }
    let rest = url.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    let allowed = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
    guard !authority.isEmpty, allowed, !rest.contains("?"), !rest.contains("#"), !authority.contains("@")
    else {
      return nil
    }
    origin = scheme + authority.lowercased()
    var path = rest.dropFirst(authority.count)
    while path.hasSuffix("/") { path.removeLast() }
    basePath = String(path)
  }

  /// `AWS_ENDPOINT_URL_SSM` where it is set, else `AWS_ENDPOINT_URL`, else nil: the region's own endpoint.
  /// - Throws: ``ConfigurationError`` when the value is no URL.
  static func override(service: String, environment: Environment) throws(ConfigurationError) -> Endpoint? {
    for variable in ["AWS_ENDPOINT_URL_\(service.uppercased())", "AWS_ENDPOINT_URL"] {
      guard let value = environment(variable), !value.isEmpty else { continue }
      guard let endpoint = Endpoint(url: value) else {
        throw ConfigurationError(variable, value: value, allowed: "an http:// or https:// URL without query")
      }
      return endpoint
    }
    return nil
  }
}
