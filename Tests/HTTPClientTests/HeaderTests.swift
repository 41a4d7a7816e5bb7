import Testing

@testable import HTTPClient

@Suite("Header fields")
struct HeaderTests {
  private func received(_ lines: String...) -> HTTPHeaders {
    var received = ReceivedLines()
    for line in lines { Array(line.utf8).withUnsafeBytes { received.append($0) } }
    return HTTPHeaders(received)
  }

  @Test("the first of a name is found, whatever the case of its letters")
  func firstOfAName() {
    let headers = received("X-Test: one\r\n", "x-test: two\r\n", "Other:\t three \r\n")
    #expect(headers["x-TEST"] == "one")
    #expect(headers["other"] == "three")
  }

  @Test(
    "what is no field of a name is none",
    arguments: [
      "X-Test-Two: no\r\n", "X-Tes: no\r\n", "X-Test\r\n", "X-Test : no\r\n", " X-Test: no\r\n", "\r\n",
      ":\r\n",
    ])
  func noField(line: String) {
    let headers = received(line)
    #expect(headers["X-Test"] == nil)
    #expect(headers["Missing"] == nil)
  }

  @Test("an empty value is a value, a name that is asked for by nothing finds nothing")
  func empty() {
    #expect(received("X-Test:\r\n")["X-Test"] == "")
    #expect(received("X-Test: 1\r\n")[""] == nil)
    #expect(received()["X-Test"] == nil)
  }

  @Test("lines and fields that say the same are equal, and a field goes behind what came")
  func equality() {
    var headers = received("A: 1\r\n", "no field\r\n", "B: 2\r\n")
    #expect(headers == ["A": "1", "B": "2"])
    headers.append("C", "3")
    #expect(headers == ["A": "1", "B": "2", "C": "3"])
    #expect(headers["a"] == "1" && headers["c"] == "3")
  }
}
