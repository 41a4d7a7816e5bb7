import Groundwork
import HTTPClient
import FleetTesting
import Testing

@testable import AWSClient

/// What services say that they should not.
@Suite struct AnswerTests {
  private struct Text: Decodable { var text: String }

  private func answer(_ body: [UInt8], status: Int = 200, headers: HTTPHeaders = [:]) -> Answer {
    Answer(
      HTTPResponse(status: status, headers: headers, body: body), operation: "Ask", region: .virginia,
      endpoint: "https://h")
  }

  private func text(_ bytes: [UInt8]) -> String? {
    answer(Array(#"{"text":""#.utf8) + bytes + Array(#""}"#.utf8)).decoded(as: Text.self)?.text
  }

  /// A text that is cut by bytes, or by UTF-16 units, may end in half a character.
  @Test func halfACharacter() {
    #expect(text(Array("ab".utf8) + [0xE2, 0x82]) == "ab\u{FFFD}")
    #expect(text([0xFF, 0x41]) == "\u{FFFD}A")
    #expect(text(Array(#"ab\ud83d"#.utf8)) == "ab\u{FFFD}")
    #expect(text(Array(#"\ude00ab"#.utf8)) == "\u{FFFD}ab")
    #expect(text(Array(#"\ud83d\ud83d\ude00"#.utf8)) == "\u{FFFD}😀")
    #expect(text(Array(#"\\ud83d \ud83d"#.utf8)) == "\\ud83d \u{FFFD}")
    #expect(text(Array(#"\ud83d\n"#.utf8)) == "\u{FFFD}\n")
    #expect(text(Array(#"whole \ud83d\ude00 😀"#.utf8)) == "whole 😀 😀")
  }

  @Test(arguments: ["[", #"{"text":"#]) func deep(beginning: String) {
    #expect(
      answer(Array(repeating: Array(beginning.utf8), count: 100_000).flatMap { $0 }).decoded(as: Text.self)
        == nil)
  }

  @Test(arguments: [
    String(repeating: "X", count: 70_000), "two words", "line\nbreak", "Ünknown", "",
    "e" + String(repeating: "\u{301}", count: 500),
  ])
  func aCodeThatIsNone(code: String) {
    for headers in [[:], ["x-amzn-ErrorType": code]] as [HTTPHeaders] {
      let body = #"{"__type":"\#(code == "line\nbreak" ? "line\\nbreak" : code)","message":"m"}"#
      let failure = answer(Array(body.utf8), status: 400, headers: headers).failure
      #expect(failure.error.type == "AWS.Unreachable")
      #expect(failure.error.description.utf8.count < 1000)
    }
  }

  /// What may be answered later, what never will, and who does not know what he is asked.
  @Test(arguments: [
    (400, "ThrottlingException", true, true, false), (429, "TooManyRequestsException", true, true, false),
    (503, "ServiceUnavailable", true, false, false), (500, "InternalServerError", true, false, false),
    (400, "ValidationException", false, false, false), (400, "AccessDeniedException", false, false, true),
    (400, "InvalidAction", false, false, true), (404, "UnknownOperationException", false, false, true),
    (501, "NotImplemented", false, false, true), (404, nil, true, false, true),
    (502, nil, true, false, false),
  ])
  func whatIsToBeDone(status: Int, code: String?, isPassing: Bool, isThrottling: Bool, isUnknown: Bool) {
    let body = code.map { #"{"__type":"\#($0)","message":"m"}"# } ?? "<html></html>"
    let error = answer(Array(body.utf8), status: status).failure.error
    #expect(error.isPassing == isPassing && error.isThrottling == isThrottling)
    #expect(error.meansNoSuchOperation == isUnknown)
  }

  @Test func longWordsAreCut() {
    let long = "e" + String(repeating: "\u{301}", count: 200_000)
    let body = Array(#"{"__type":"AccessDenied","message":"\#(long)"}"#.utf8)
    let headers: HTTPHeaders = ["x-amzn-RequestId": long, "Content-Type": long]
    #expect(answer(body, status: 400, headers: headers).failure.error.description.utf8.count < 2500)
    #expect(answer([], status: 200, headers: headers).failure.error.description.utf8.count < 1000)
  }

  private func failure(
    _ client: ServiceClient, in region: Region = .virginia, _ options: ServiceClient.Options = .init()
  ) async -> FailedCall? {
    do throws(FailedCall) {
      let _: [String: String] = try await client.call(
        "Ask", region: region, [String: String](), options: options)
      return nil
    } catch {
      return error
    }
  }

  /// The service does not know the key; which partition it is of nobody can tell from it.
  @Test(arguments: ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"])
  func credentialsOfAnotherPartition(code: String) async throws {
    let service = FakeService { _, _ throws(HTTPError) in .error(code) }
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    let china = try #require(Region("cn-north-1"))
    let words = await failure(client, in: china)?.error.description ?? ""
    for word in ["partition aws-cn", "AWS_ACCESS_KEY_ID", "said \(code)"] { #expect(words.contains(word)) }
  }

  /// Who comes too late asks nobody, and does not blame the service.
  @Test func late() async throws {
    let clock = VirtualClock()
    let service = FakeService { _, _ throws(HTTPError) in .json("{}") }
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(clock.clock()))
    clock.advance(.seconds(100))
    for latest in [99.0, 100] {
      var options = ServiceClient.Options()
      options.latest = Deadline(Instant(.seconds(latest)))
      let failure = try #require(await failure(client, options))
      #expect(!failure.mayHaveHappened && failure.error.type == "Deadline.Exceeded")
      #expect(failure.error.description == "the time was over before Ask in us-east-1 was sent")
    }
    #expect(service.calls.isEmpty)
  }

  @Test func theTimeOfARequestIsWhatIsLeft() async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json("{}") }
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    var options = ServiceClient.Options()
    options.latest = Deadline(Instant(.seconds(40)))
    options.maximumAnswer = 17
    let _: [String: String] = try await client.call(
      "Ask", region: .virginia, [String: String](), options: options)
    let request = try #require(service.calls.first?.request)
    #expect(request.timeout == .seconds(40) && request.exchangeTimeout == ServiceClient.attemptTimeout)
    #expect(request.maximumBodySize == 17)
  }
}
