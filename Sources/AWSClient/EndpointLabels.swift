/// What services are called in host names where that is not the rule (the SDKs' endpoint rules of each).
enum EndpointLabels {
  /// The service that has one endpoint for a whole partition.
  static let global = "route53"
  /// Those whose usual endpoint in GovCloud is the one with FIPS.
  static let withFIPSAnyway: Set = ["ssm", "eks", "ec2", "events", "logs", "oidc", "portal.sso", "sts"]
}

extension EndpointResolver {
  /// The service, with or without `fips`.
  func label(in region: Region, _ partition: Partition) -> String {
    let isGov = partition.name == "aws-us-gov"
    switch service {
    case "eks" where usesFIPS && !usesDualStack && partition.name == "aws": return "fips.eks"
    case "states" where isGov:
      let isPlain = usesDualStack ? false : !usesFIPS || region.name == "us-gov-west-1"
      return isPlain ? service : "\(service)-fips"
    case _ where isGov && EndpointLabels.withFIPSAnyway.contains(service):
      return usesFIPS && usesDualStack && service != "events" ? "\(service)-fips" : service
    default: return usesFIPS ? "\(service)-fips" : service
    }
  }

  /// Of ``EndpointLabels/global``.
  func global(of partition: Partition) -> Endpoint {
    let isGov = partition.name == "aws-us-gov"
    let domain = usesDualStack ? partition.dualStackDomain : partition.domain
    let isScoped = partition.name == "aws" || (["aws-cn", "aws-eusc"].contains(partition.name) && !usesFIPS)
    let scope = isGov ? "us-gov." : usesDualStack && isScoped ? "global." : ""
    return Endpoint(host: "\(service)\(usesFIPS && !isGov ? "-fips" : "").\(scope)\(domain)")
  }
}
