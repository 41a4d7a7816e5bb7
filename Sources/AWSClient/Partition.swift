/// A group of regions with accounts and host names of its own (the AWS SDKs' shared `partitions.json`).
public struct Partition: Sendable, Equatable {
  /// As in an ARN, e.g. `aws-cn`.
  public let name: String
  /// What the services' host names end with.
  public let domain: String
  /// What the host names end with that have IPv6 addresses too.
  let dualStackDomain: String
  /// The region of the services that have one place in a partition, such as Route 53 (the SDKs' rules of that).
  public let home: Region

  /// The partition of a region; `aws` for a region that no other claims, as the SDKs do.
  public init(of region: Region) {
    let claimed = Self.others.first { prefix, _ in region.name.hasPrefix(prefix) }
    self = claimed?.partition ?? Partition("aws", "amazonaws.com", "api.aws", "us-east-1")
  }

  private init(_ name: String, _ domain: String, _ dualStackDomain: String, _ home: String) {
    self.name = name
    self.domain = domain
    self.dualStackDomain = dualStackDomain
    self.home = Region(known: home)
  }

  private static let others: [(prefix: String, partition: Partition)] = [
    ("cn-", Partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1")),
    ("us-gov-", Partition("aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1")),
    ("us-iso-", Partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1")),
    ("us-isob-", Partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1")),
    ("eu-isoe-", Partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1")),
    ("us-isof-", Partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1")),
    ("eusc-", Partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1")),
  ]
}
