import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import Testing

/// Services that are called another way than most: one place for a whole partition, and a name of its own in signatures.
@Suite struct OtherServicesTests {
  private static let change = Array(
    """
    <ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status></ChangeInfo>\
    </ChangeResourceRecordSetsResponse>
    """.utf8)

  /// Route 53 is where its partition's is, whatever the region, and is signed for there.
  @Test(arguments: [
    ("us-east-1", "route53.amazonaws.com", "us-east-1"),
    ("eu-central-1", "route53.amazonaws.com", "us-east-1"),
    ("cn-north-1", "route53.amazonaws.com.cn", "cn-northwest-1"),
    ("us-gov-east-1", "route53.us-gov.amazonaws.com", "us-gov-west-1"),
    ("eusc-de-east-1", "route53.amazonaws.eu", "eusc-de-east-1"),
  ])
  func zones(region: String, host: String, signedFor: String) async throws {
    let service = FakeService { _, _ in HTTPResponse(status: 200, body: Self.change) }
    let zones = try DNSZones(
      try #require(Region(region)), service.dependencies(VirtualClock().clock()))
    let record = WeightedRecord(
      name: "a&b.example.", type: "CNAME", identifier: "green", weight: 10, ttl: 60, value: "<x>")
    #expect(try await zones.upsert([record], in: "/hostedzone/Z1") == "C1")
    let request = service.calls[0].request
    #expect(request.url == "https://\(host)/2013-04-01/hostedzone/Z1/rrset")
    #expect(
      request.headers["Authorization"]?.contains("/\(signedFor)/route53/aws4_request") == true)
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains("<Name>a&amp;b.example.</Name>") && body.contains("<Value>&lt;x&gt;</Value>"))
  }

  /// Bedrock's models have another name in signatures than in host names; what may cost twice is asked once.
  @Test func models() async throws {
    let service = FakeService { _, number in
      number == 1
        ? .json(
          #"{"output": {"message": {"role": "assistant", "content": [{"text": "a"}, {"image": {}}, {"text": "b"}]}}, "stopReason": "end_turn"}"#
        )
        : .error("InternalServerException", status: 500)
    }
    let models = try LanguageModels(in: .frankfurt, service.dependencies(VirtualClock().clock()))
    #expect(try await models.ask("eu.some:0", as: "a critic", "the plan") == "a\nb")
    let request = service.calls[0].request
    #expect(request.url == "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.some%3A0/converse")
    #expect(request.headers["Authorization"]?.contains("/eu-central-1/bedrock/aws4_request") == true)
    await #expect(throws: FailedCall.self) { try await models.ask("m", as: "a critic", "the plan") }
    #expect(service.calls.count == 2)
  }
}
