import Foundation
import Groundwork
import Testing

@testable import LambdaRuntime

@Suite struct FailureTests {
  @Test(arguments: [
    ("Event.Invalid", "Function.EventInvalid"),
    ("AWS.AccessDeniedException", "Function.AWSAccessDeniedException"),
    ("AWS.HTTP503", "Function.AWSHTTP"), ("response", "Function.Response"), ("", "Function.Unknown"),
    ("Response.TooLarge", "Function.ResponseSizeTooLarge"), ("Ä.1", "Function.Unknown"),
  ])
  func headerType(type: String, header: String) {
    let value = Failure(type: type, message: "").headerType(.function)
    #expect(value == header)
    #expect(value.wholeMatch(of: /(Runtime|Function)\.[A-Z][a-zA-Z]+/) != nil)
  }

  @Test(arguments: [
    "plain", "quote \" backslash \\ newline \n tab \t", "\u{0}\u{1F}\u{7F}\u{85}\u{2028}", "Grüße 🛰",
  ])
  func bodyAndCauseAreJSON(message: String) throws {
    let failure = Failure(type: "Event.Invalid", message: message)
    let body = try #require(try JSONSerialization.jsonObject(with: Data(failure.body)) as? [String: Any])
    #expect(body["errorType"] as? String == "Event.Invalid")
    #expect(body["errorMessage"] as? String == message)
    let cause = failure.xrayCause(workingDirectory: "/var/task")
    #expect(cause.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(cause.utf8)) as? [String: Any])
    let exceptions = try #require(parsed["exceptions"] as? [[String: Any]])
    #expect(exceptions.first?["message"] as? String == message)
  }

  @Test(arguments: [
    String(repeating: "\u{1}", count: 1 << 20),
    "one letter: e" + String(repeating: "\u{301}", count: 1 << 20),
  ])
  func aLongMessageKeepsTheCauseShort(message: String) {
    let cause = Failure(type: "A.B", message: message).xrayCause(workingDirectory: "/")
    #expect(cause.utf8.count < 64 << 10)
  }

  /// Bytes, not characters: one character may be of any length.
  @Test(arguments: ["\u{1}", "x", "ü", "e\u{301}", "🛰"]) func whatIsTooLongIsCut(letter: String) throws {
    let long =
      "AWS." + letter + String(repeating: letter.unicodeScalars.last.map(String.init) ?? "", count: 70_000)
    let failure = Failure(type: long, message: long)
    #expect(failure.type.utf8.count <= 128 && failure.message.utf8.count <= 4096)
    #expect(failure.body.count < 32_768)
    #expect(failure.headerType(.function).utf8.count < 200)
    let body = try JSONSerialization.jsonObject(with: Data(failure.body)) as? [String: Any]
    #expect((body?["errorType"] as? String)?.hasPrefix("AWS.") == true)
  }
}
