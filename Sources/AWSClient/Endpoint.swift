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

  /// A host that is reached by TLS.
  init(host: String) {
    origin = "https://\(host)"
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
    guard allowed, !rest.contains("?"), !rest.contains("#"), !authority.contains("@"),
      Self.isAuthority(authority)
    else { return nil }
    origin = scheme + authority.lowercased()
    var path = rest.dropFirst(authority.count)
    while path.hasSuffix("/") { path.removeLast() }
    basePath = String(path)
  }

  /// A host, and a port where there is one.
  private static func isAuthority(_ text: Substring) -> Bool {
    // An IPv6 address stands in brackets.
    let bracket = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
    let host = bracket.map { text[...$0] } ?? text.prefix { $0 != ":" }
    let port = text.dropFirst(host.count)
    guard !host.isEmpty, port.hasPrefix(":") else { return !host.isEmpty && port.isEmpty }
    return port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(port.dropFirst()) != nil
  }
}
