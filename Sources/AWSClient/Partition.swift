/// A group of regions with accounts and host names of its own (the AWS SDKs' shared `partitions.json`).
public struct Partition: Sendable, Equatable {
  /// As in an ARN, e.g. `aws-cn`.
  public let name: String
  /// What the services' host names end with.
  public let domain: String
  /// What the host names end with that have IPv6 addresses too.
  let dualStackDomain: String

  /// The partition of a region; `aws` for a region that no other claims, as the SDKs do.
  public init(of region: Region) {
    let claimed = Self.others.first { prefix, _ in region.name.hasPrefix(prefix) }
    self = claimed?.partition ?? Partition("aws", "amazonaws.com", "api.aws")
  }

  private init(_ name: String, _ domain: String, _ dualStackDomain: String) {
    self.name = name
    self.domain = domain
    self.dualStackDomain = dualStackDomain
  }

  private static let others: [(prefix: String, partition: Partition)] = [
    ("cn-", Partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
    ("us-gov-", Partition("aws-us-gov", "amazonaws.com", "api.aws")),
    ("us-iso-", Partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
    ("us-isob-", Partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
    ("eu-isoe-", Partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
    ("us-isof-", Partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
    ("eusc-", Partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
  ]
}
