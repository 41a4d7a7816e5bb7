import Groundwork
import HTTPClient
import FleetTesting
import Testing

@testable import AWSClient

@Suite struct ObjectStoreTests {
  private let clock = VirtualClock()

  @Test(
    arguments: [
      ("s3://my-bucket/a/b.json", "my-bucket", "a/b.json", nil),
      ("s3://my-bucket/a?versionId=x.Y_1", "my-bucket", "a", "x.Y_1"),
      ("s3://abc/ä", "abc", "ä", nil),
    ] as [(String, String, String, String?)])
  func uri(text: String, bucket: String, key: String, version: String?) throws {
    let uri = try #require(ObjectURI(text))
    #expect(uri.bucket == bucket && uri.key == key && uri.versionID == version)
    #expect(uri.description == text)
  }

  @Test(arguments: [
    "", "s3://", "s3://ab/key", "s3://bucket", "s3://bucket/", "s3:/bucket/key", "https://bucket/key",
    "s3://Bucket/key", "s3://bucket/a b", "s3://bucket/a?version=1",
  ])
  func noURI(text: String) { #expect(ObjectURI(text) == nil) }

  private func store(_ service: FakeService, _ environment: [String: String] = [:]) throws -> ObjectStore {
    try ObjectStore(
      region: .virginia, service.dependencies(clock.clock(), environment: environment))
  }

  @Test func getsAndPuts() async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      HTTPResponse(status: 200, body: call.request.method == .get ? [1, 2, 3] : [])
    }
    let store = try store(service)
    let object = try #require(
      ObjectURI(
        "s3://my-bucket/a b/c+d?versionId=v/1"
          .replacingOccurrences(" ", "%20")))
    #expect(try await store.get(object, maximumSize: 1000, latest: .never) == [1, 2, 3])
    try await store.put(object, [4, 5], latest: .never)
    let requests = service.calls.map(\.request)
    #expect(requests[0].url == "https://s3.us-east-1.amazonaws.com/my-bucket/a%2520b/c%2Bd?versionId=v%2F1")
    #expect(requests[0].headers["X-Amz-Content-Sha256"]?.hasPrefix("e3b0c442") == true)
    #expect(requests[1].method == .put && requests[1].body == [4, 5])
    #expect(requests.allSatisfy { $0.headers["Authorization"]?.contains("/us-east-1/s3/") == true })
    #expect(
      requests.allSatisfy { $0.headers["Authorization"]?.contains("x-amz-content-sha256") == true })
  }

  @Test func anEndpointOfItsOwn() async throws {
    let service = FakeService { _, _ throws(HTTPError) in HTTPResponse(status: 200) }
    let store = try store(service, ["AWS_ENDPOINT_URL": "http://127.0.0.1:4566/base"])
    _ = try await store.get(try #require(ObjectURI("s3://bucket/key")), maximumSize: 1000, latest: .never)
    #expect(service.calls[0].request.url == "http://127.0.0.1:4566/base/bucket/key")
  }

  /// S3's errors are XML; a missing object is final, a busy service is tried again.
  @Test(arguments: [(404, "NoSuchKey", 1), (403, "AccessDenied", 1), (503, "SlowDown", 3)])
  func errors(status: Int, code: String, calls: Int) async throws {
    let service = FakeService { _, _ throws(HTTPError) in
      HTTPResponse(
        status: status,
        body: Array(
          "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>said so</Message></Error>".utf8))
    }
    let store = try store(service)
    let object = try #require(ObjectURI("s3://bucket/key"))
    let error = await #expect(throws: FailedCall.self) {
      _ = try await store.get(object, maximumSize: 1000, latest: .never)
    }
    #expect(error?.error.type == "AWS.\(code)")
    #expect(error?.error.description.contains("said so") == true)
    #expect(service.calls.count == calls)
  }
}

extension String {
  fileprivate func replacingOccurrences(_ text: String, _ other: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
  }
}
