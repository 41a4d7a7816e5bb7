import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Testing

/// The protocols beside JSON 1.1.
@Suite struct ProtocolTests {
  private let clock = VirtualClock()

  private func client(
    _ service: FakeService, json: String = "1.1", _ environment: [String: String] = [:]
  ) throws -> ServiceClient {
    try ServiceClient(
      service: "some", targetPrefix: "Prefix", jsonVersion: json,
      service.dependencies(clock.clock(), environment: environment))
  }

  private struct Nothing: Codable, Sendable {}

  @Test func theVersionOfJSON() async throws {
    let service = FakeService { _, _ in .json("{}") }
    let _: Nothing = try await client(service, json: "1.0").call("Do", region: .virginia, Nothing())
    let headers = try #require(service.calls.first?.request.headers)
    #expect(headers["Content-Type"] == "application/x-amz-json-1.0" && headers["X-Amz-Target"] == "Prefix.Do")
  }

  @Test func aForm() async throws {
    let service = FakeService { _, _ in .json("<DoResponse><DoResult><Id>7</Id></DoResult></DoResponse>") }
    let answer = try await client(service).query(
      "Do", version: "2011-06-15", region: .virginia, [("A b", "c&d=é~"), ("List.1", "x/y")])
    #expect(answer.text("DoResult", "Id") == "7")
    let request = try #require(service.calls.first?.request)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "Action=Do&Version=2011-06-15&A%20b=c%26d%3D%C3%A9~&List.1=x%2Fy")
    #expect(request.headers["Authorization"]?.contains("SignedHeaders=content-type;host;") == true)
  }

  @Test func anErrorInXML() async throws {
    let service = FakeService { _, _ in
      HTTPResponse(
        status: 403,
        body: Array(
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            .utf8))
    }
    let error = await #expect(throws: FailedCall.self) {
      try await client(service).query("Do", version: "1", region: .virginia, [])
    }
    #expect(error?.error.code == "AccessDenied")
  }

  /// What a REST service gets is in the URL, each part encoded; in the signature's path it is encoded once more.
  @Test func aURL() async throws {
    let service = FakeService { _, _ in .json(#"{"a": 1}"#) }
    struct Given: Decodable, Sendable { var a: Int }
    let request = RESTRequest(.delete, ["functions", "arn:aws:x:1/2"], query: [("q", "a b"), ("r", "")])
    let given: Given = try await client(service).rest("Delete", region: .virginia, request)
    #expect(given.a == 1)
    let sent = try #require(service.calls.first?.request)
    #expect(sent.method == .delete)
    #expect(sent.url == "https://some.us-east-1.amazonaws.com/functions/arn%3Aaws%3Ax%3A1%2F2?q=a%20b&r=")
  }

  @Test func whatIsNotSigned() async throws {
    let service = FakeService { _, _ in .json("{}") }
    var options = ServiceClient.Options()
    options.isSigned = false
    let answer = try await client(service, ["AWS_ACCESS_KEY_ID": ""]).rest(
      "Ask", region: .virginia, RESTRequest(.get, []), options: options)
    #expect(answer.status == 200 && service.calls[0].request.headers["Authorization"] == nil)
  }

  /// Whoever asks somebody else for credentials says why there are none.
  @Test func noCredentials() async throws {
    let service = FakeService { _, _ in .json("{}") }
    var dependencies = service.dependencies(clock.clock())
    dependencies.credentials = { () throws(AWSError) in throw .credentials(CredentialsError("sign in first"))
    }
    let client = try ServiceClient(service: "some", dependencies)
    let error = await #expect(throws: FailedCall.self) {
      let _: Nothing = try await client.call("Do", region: .virginia, Nothing())
    }
    #expect(error?.error.type == "Credentials.Unavailable" && error?.error.description == "sign in first")
    #expect(service.calls.isEmpty)
  }
}
