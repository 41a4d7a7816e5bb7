import FleetTesting
import Foundation
import Groundwork
import Testing

@testable import SharedFiles

/// What is answered to requests that are wrong, and what is taken for right.
@Suite struct RequestTests {
  private let place: Place

  init() throws { place = try Place() }

  private func event(_ fields: [String: Any]) throws -> [UInt8] {
    Array(try JSONSerialization.data(withJSONObject: fields))
  }

  private func refusal(_ event: [UInt8]) -> Refusal? {
    do throws(Refusal) {
      _ = try IngestRequest(ProxyRequest(event: event))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("not json", "JSON"), ("", "no body"), ("[]", "no JSON object"), ("{}", "\"key\" nor \"data\""),
    (#"{"key": "a", "data": "b"}"#, "both"), (#"{"key": 1}"#, "\"key\""), (#"{"data": []}"#, "\"data\""),
    (#"{"data": "x", "filename": 7}"#, "\"filename\""), (#"{"data": "?", "encoding": "base64"}"#, "\"data\""),
    (#"{"data": "x", "encoding": "rot13"}"#, "\"encoding\""), (#"{"key": "a"} {"#, "JSON"),
  ])
  func refused(body: String, words: String) throws {
    let refusal = refusal(try event(["httpMethod": "POST", "body": body]))
    #expect(refusal?.status == .badRequest && refusal?.code == "INVALID_REQUEST")
    #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
  }

  @Test func noObjectAtAll() throws {
    #expect(refusal(Array("7".utf8))?.code == "INVALID_REQUEST")
    for event in [
      ["httpMethod": "POST", "body": NSNull()], ["requestContext": ["http": ["method": "POST"]]],
    ] {
      #expect(refusal(try self.event(event))?.message == "the request has no body")
    }
    #expect(
      refusal(try event(["httpMethod": "POST", "body": "?", "isBase64Encoded": true]))?.code
        == "INVALID_REQUEST")
  }

  @Test(arguments: [
    (#"{"data": "aGVsbG8="}"#, "hello"), (#"{"data": "hello!"}"#, "hello!"), (#"{"data": ""}"#, ""),
    (#"{"data": "test", "encoding": "utf-8"}"#, "test"), (#"{"data": "aGVsbG9="}"#, "aGVsbG9="),
    (#"{"data": "aGVs\nbG8="}"#, "aGVs\nbG8="),
  ])
  func content(body: String, bytes: String) throws {
    for event in [
      try event(["httpMethod": "POST", "body": body]), Array(body.utf8),
      try event([
        "httpMethod": "POST", "body": Data(body.utf8).base64EncodedString(), "isBase64Encoded": true,
      ]),
      // Payload 2.0: HTTP APIs and functions' addresses.
      try event([
        "version": "2.0", "requestContext": ["http": ["method": "POST"]], "body": body,
        "isBase64Encoded": false,
      ]),
      try event([
        "version": "2.0", "requestContext": ["http": ["method": "POST"]],
        "body": Data(body.utf8).base64EncodedString(), "isBase64Encoded": true,
      ]),
    ] {
      let request = try IngestRequest(ProxyRequest(event: event))
      #expect(request == .content(Array(bytes.utf8), name: nil))
    }
  }

  @Test func asMuchAsFits() throws {
    let most = String(repeating: "x", count: IngestRequest.mostContent - 1)
    #expect(refusal(try event(["data": most + "!"])) == nil)
    let refused = refusal(try event(["data": most + "!!"]))
    #expect(refused?.status == .tooLarge && refused?.facts.maxSize == 4 << 20)
    #expect(refused?.facts.actualSize == 4 << 20 | 1)
  }

  @Test(arguments: [
    (["model": "m"], "\"fileId\""), (["fileId": "f"], "\"model\""),
    (["fileId": "", "model": "m"], "\"fileId\""),
    (["fileId": "../f", "model": "m"], "\"fileId\""), (["fileId": "a/b", "model": "m"], "\"fileId\""),
    (["fileId": "..", "model": "m"], "\"fileId\""), (["fileId": "f\u{0}", "model": "m"], "\"fileId\""),
    (["fileId": "%2e%2e%2ff", "model": "m"], "\"fileId\""),
    (["fileId": "f", "model": "/etc/passwd"], "\"model\""),
    (["fileId": String(repeating: "f", count: 249), "model": "m"], "\"fileId\""),
    (["fileId": "f", "model": "inputs/../../x"], "\"model\""), (["fileId": "f", "model": ""], "\"model\""),
  ])
  func noPrediction(body: [String: String], field: String) async throws {
    let answer = try await place.ask(place.function("consumer"), body)
    #expect(answer.status == 400 && answer.body["error"] as? String == "INVALID_REQUEST")
    #expect((answer.body["message"] as? String)?.contains(field) == true, "\(answer.body)")
    #expect(place.files == [])
  }

  @Test func aPrediction() async throws {
    try place.write("models/m", Array("abca".utf8))
    try place.write("inputs/m", Array("x".utf8))
    let consumer = try place.function("consumer")
    let answer = try await place.ask(consumer, ["fileId": "f", "model": "m"])
    #expect(answer.status == 200 && answer.body["efsPath"] as? String == "\(place.folder)/outputs/f.result")
    #expect(answer.body["s3Key"] == nil)
    let result = answer.body["result"] as? [String: Any]
    #expect(result?["fileSize"] as? Int == 4 && result?["mostCommonByte"] as? Int == 97)
    #expect(place.read("outputs/f.result") != nil)
    let input = try await place.ask(consumer, ["fileId": "g", "model": "inputs/m"])
    #expect((input.body["result"] as? [String: Any])?["fileSize"] as? Int == 1)
    let missing = try await place.ask(consumer, ["fileId": "h", "model": "none"])
    #expect(missing.status == 404 && missing.body["error"] as? String == "NOT_FOUND")
    #expect(missing.body["fileId"] as? String == "h" && place.read("outputs/h.result") == nil)
  }

  /// Only who may call the function itself is told what there is.
  @Test func aListing() async throws {
    try place.write("outputs/f.result", [1])
    let consumer = try place.function("consumer")
    let logger = Logger(environment: { _ in nil }, clock: place.clock.clock().wall, write: { _ in })
    let bytes = try await consumer(
      Invocation(requestID: "r", event: Array(#"{"list": "outputs"}"#.utf8)), logger)
    #expect(String(decoding: bytes, as: UTF8.self).contains(#"{"name":"f.result","sizeBytes":1}"#))
    #expect(try await place.ask(consumer, ["list": "outputs"]).status == 400)
  }

  @Test(arguments: [
    (["_HANDLER": "reader"], "_HANDLER"), (["EFS_MOUNT_PATH": "mnt/efs"], "EFS_MOUNT_PATH"),
    (["S3_BUCKET_NAME": "B"], "S3_BUCKET_NAME"), (["MAX_FILE_BYTES": "0"], "MAX_FILE_BYTES"),
    (["ENABLE_S3_ARCHIVE": "yes"], "ENABLE_S3_ARCHIVE"), (["AWS_REGION": "x"], "AWS_REGION"),
  ])
  func aBadVariable(variables: [String: String], name: String) {
    let failure = #expect(throws: Failure.self) { _ = try place.function("producer", FakeS3([]), variables) }
    #expect(failure?.type == "Configuration.Invalid" && failure?.message.contains(name) == true)
  }
}
