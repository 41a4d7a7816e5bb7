import AWSClient
import Groundwork

/// What Amazon EC2 knows of subnets (its interface of 2016-11-15, Query).
public struct Subnets: Sendable {
  /// Where they are.
  public let region: Region
  private let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(service: "ec2", id: "EC2", dependencies)
  }

  /// How many addresses each subnet has left.
  /// - Throws: ``FailedCall``, e.g. with the code `InvalidSubnetID.NotFound`.
  public func freeAddresses(
    of subnets: [String], latest: Deadline = .never
  ) async throws(FailedCall) -> [String: Int] {
    var options = ServiceClient.Options()
    options.latest = latest
    var free: [String: Int] = [:]
    var token: String?
    repeat {
      var parameters = subnets.enumerated().map { ("SubnetId.\($0.offset + 1)", $0.element) }
      if let token { parameters.append(("NextToken", token)) }
      let answer = try await client.query(
        "DescribeSubnets", version: "2016-11-15", region: region, parameters, options: options)
      for subnet in answer["subnetSet"]?.all("item") ?? [] {
        guard let id = subnet.text("subnetId"), let count = subnet.text("availableIpAddressCount") else {
          continue
        }
        free[id] = Int(count)
      }
      token = Pages.next(answer.text("nextToken"), after: token)
    } while token != nil
    return free
  }
}
