import Groundwork

/// Finds a service's endpoint in a region, as the AWS SDKs do: their endpoint rules of Systems Manager and S3 (path
/// style), which most services share with the former, and their variables.
package struct EndpointResolver: Sendable {
  let service: String
  private let override: Endpoint?
  let usesFIPS: Bool
  let usesDualStack: Bool

  /// - Parameters:
  ///   - service: its name in host names, e.g. `ssm`.
  ///   - id: the SDKs' id of the service, e.g. `SSM`; upper case with underscores it stands in a variable's name.
  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong, or does not go with another.
  package init(service: String, id: String, environment: Environment) throws(ConfigurationError) {
    self.service = service
    usesFIPS = try Self.flag("AWS_USE_FIPS_ENDPOINT", environment)
    usesDualStack = try Self.flag("AWS_USE_DUALSTACK_ENDPOINT", environment)
    override = try Self.override(id: id, environment)
    if override != nil, usesFIPS || usesDualStack {
      throw ConfigurationError(
        usesFIPS ? "AWS_USE_FIPS_ENDPOINT" : "AWS_USE_DUALSTACK_ENDPOINT", value: "true",
        allowed:
          "false where AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_\(Self.variable(of: id)) names the endpoint")
    }
  }

  /// - Throws: ``ConfigurationError`` when there is no such endpoint in the region.
  package func endpoint(in region: Region) throws(ConfigurationError) -> Endpoint {
    if let override { return override }
    let partition = Partition(of: region)
    if service == "s3" {
      if usesFIPS, partition.name == "aws-cn" {
        throw ConfigurationError(
          "AWS_USE_FIPS_ENDPOINT", value: "true",
          allowed: "false for S3 in \(region): aws-cn has no such endpoint")
      }
      let stack = usesDualStack ? ".dualstack" : ""
      return Endpoint(host: "s3\(usesFIPS ? "-fips" : "")\(stack).\(region).\(partition.domain)")
    }
    if service == EndpointLabels.global { return global(of: partition) }
    let domain = usesDualStack ? partition.dualStackDomain : partition.domain
    return Endpoint(host: "\(label(in: region, partition)).\(region).\(domain)")
  }

  /// The region that a request is signed for: usually the one that it goes to.
  package func signingRegion(for region: Region) -> Region {
    service == EndpointLabels.global ? Partition(of: region).home : region
  }

  /// `AWS_ENDPOINT_URL_SSM` where it is set, else `AWS_ENDPOINT_URL`, else nil: the region's own endpoint.
  private static func override(id: String, _ environment: Environment) throws(ConfigurationError) -> Endpoint?
  {
    if try flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", environment) { return nil }
    for variable in ["AWS_ENDPOINT_URL_\(variable(of: id))", "AWS_ENDPOINT_URL"] {
      guard let value = environment(variable), !value.isEmpty else { continue }
      guard let endpoint = Endpoint(url: value) else {
        throw ConfigurationError(
          variable, value: value.urlWithoutSecrets,
          allowed: "an http:// or https:// URL without user and query")
      }
      return endpoint
    }
    return nil
  }

  private static func variable(of id: String) -> String {
    String(id.uppercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
  }

  private static func flag(_ name: String, _ environment: Environment) throws(ConfigurationError) -> Bool {
    switch environment(name)?.lowercased() {
    case nil, "", "false": return false
    case "true": return true
    default: throw ConfigurationError(name, value: environment(name), allowed: "true or false")
    }
  }
}
