import Groundwork
import FleetTesting
import Testing

@testable import AWSClient

/// Where requests go. Tests/Signatures compares every region of every partition with botocore's rules.
@Suite struct EndpointTests {
  private func resolver(
    _ service: String = "ssm", id: String? = nil, _ variables: [String: String] = [:]
  ) throws -> EndpointResolver {
    try EndpointResolver(service: service, id: id ?? service, environment: { variables[$0] })
  }

  @Test(arguments: [
    "us-east-1.evil/", "us-east-1.evil", "us-east-1/", "us-east-1@evil", "us-east-1:80", "us-east-1 ",
    "US-EAST-1", "",
    "us--east-1", "-us-east-1", "us-east", "us-east-", "us-east-123", "us-east-1-", "us_east_1", "us-éast-1",
    "us-east-１",
    "us-east-1\n", "us-east-1\u{301}", "a-b-c-d-e-f-1", String(repeating: "a", count: 70) + "-east-1",
  ])
  func noRegion(name: String) { #expect(Region(name) == nil) }

  @Test(arguments: [
    ("us-east-1", "aws", "amazonaws.com"), ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com"), ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
    ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"), ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"), ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ("eu-south-2", "aws", "amazonaws.com"), ("mx-central-1", "aws", "amazonaws.com"),
  ])
  func partitions(name: String, partition: String, domain: String) throws {
    let region = try #require(Region(name))
    #expect(Partition(of: region).name == partition)
    #expect(try resolver().endpoint(in: region).origin == "https://ssm.\(name).\(domain)")
  }

  @Test func theServicesOwnVariableByTheSDKsName() throws {
    let variables = [
      "AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_SSM": "http://ssm",
      "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://logs",
    ]
    #expect(try resolver("ssm", variables).endpoint(in: .virginia).origin == "http://ssm")
    #expect(try resolver("s3", variables).endpoint(in: .virginia).origin == "http://all")
    let logs = try resolver("logs", id: "CloudWatch Logs", variables)
    #expect(try logs.endpoint(in: .virginia).origin == "http://logs")
    let ignoring = variables.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"]) { $1 }
    #expect(
      try resolver("ssm", ignoring).endpoint(in: .virginia).origin == "https://ssm.us-east-1.amazonaws.com")
  }

  @Test(arguments: [
    "http://h", "HTTPS://H:65535/", "http://[::1]:80/base/", "http://127.0.0.1:4566",
  ])
  func right(url: String) { #expect(Endpoint(url: url) != nil) }

  @Test(arguments: [
    "http://", "http://:80", "http://h:port", "http://h:65536", "http://h:+1", "http://h:", "http://u@h",
    "http://h x", "http://[::1",
    "http://[::1]x", "ftp://h", "h:80",
  ])
  func wrong(url: String) { #expect(Endpoint(url: url) == nil) }

  @Test(arguments: ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
  func anEndpointOfOnesOwnIsNeither(variable: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try resolver("ssm", [variable: "true", "AWS_ENDPOINT_URL_SSM": "http://h"])
    }
    #expect(error?.variable == variable && error?.description.contains("AWS_ENDPOINT_URL_SSM") == true)
    #expect(throws: Never.self) {
      try resolver("ssm", [variable: "false", "AWS_ENDPOINT_URL_SSM": "http://h"])
    }
  }

  @Test func chinaHasNoFIPSForS3() throws {
    let china = try #require(Region("cn-north-1"))
    let error = #expect(throws: ConfigurationError.self) {
      try resolver("s3", ["AWS_USE_FIPS_ENDPOINT": "true"]).endpoint(in: china)
    }
    #expect(error?.description.contains("cn-north-1") == true)
  }

  @Test(arguments: ["http://user:hidden@h/", "hidden@h", "http://h/?hidden", "https://a:hidden@"])
  func noPasswordIsShown(url: String) throws {
    let variables = ["AWS_ENDPOINT_URL": url]
    guard let error = #expect(throws: ConfigurationError.self, performing: { try resolver("ssm", variables) })
    else {
      return
    }
    #expect(!error.description.contains("hidden") && error.variable == "AWS_ENDPOINT_URL")
  }
}
