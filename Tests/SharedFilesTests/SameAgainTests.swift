import AWSClient
import FleetTesting
import Groundwork
import HTTPClient
import Testing

@testable import SharedFiles

/// What is there already stays, whatever the object's tag is made of.
@Suite struct SameAgainTests {
  private let place: Place

  init() throws { place = try Place() }

  private func tag(_ parts: [[UInt8]]) -> String {
    let digests = parts.map { part in
      let digest = RunningDigest(.md5)
      digest.update(part[...])
      return digest
    }
    if digests.count == 1 { return "\"\(digests[0].hex())\"" }
    let all = RunningDigest(.md5)
    digests.forEach { all.update($0.bytes()[...]) }
    return "\"\(all.hex())-\(digests.count)\""
  }

  /// Ingests twice: the file is the same one, and so much of the object was read the second time.
  private func again(_ s3: FakeS3, reads: Int) async throws {
    let function = try place.function("producer", s3)
    let first = try await place.ask(function, ["key": "models/a/m.bin"])
    let (number, given) = (try place.number(of: "models/a/m.bin"), s3.given)
    let second = try await place.ask(function, ["key": "models/a/m.bin"])
    #expect(first.status == 200 && second.status == 200)
    #expect(first.body["fileId"] as? String == second.body["fileId"] as? String)
    #expect(try place.number(of: "models/a/m.bin") == number)
    #expect(s3.given - given == reads)
    #expect(place.files == ["models/a/m.bin"])
  }

  @Test func anObjectOfOnePart() async throws {
    let content = pattern(3 << 20)
    try await again(FakeS3(content, tag: tag([content])), reads: 0)
  }

  /// Until the tag of several parts was reckoned too, all of it was read again: a caller whom API Gateway had told 504 could
  /// have been told so for ever.
  @Test(arguments: [1 << 20, 1_234_567, 3 << 20])
  func anObjectOfParts(part: Int) async throws {
    let content = pattern(3 << 20)
    let parts = stride(from: 0, to: content.count, by: part).map {
      Array(content[$0..<min($0 + part, content.count)])
    }
    let tag = parts.count == 1 ? "\(self.tag(parts).dropLast())\"" : self.tag(parts)
    try await again(FakeS3(content, tag: tag, part: part), reads: 0)
  }

  /// A tag that is no digest of the content: the content itself tells.
  @Test func anObjectUnderAnotherKey() async throws {
    let content = pattern(3 << 20)
    try await again(FakeS3(content, tag: "\"0123456789abcdef0123456789abcdef\""), reads: content.count)
  }

  @Test func anotherContent() async throws {
    let s3 = FakeS3(pattern(1000))
    let function = try place.function("producer", s3)
    let first = try await place.ask(function, ["key": "m"])
    s3.state.withLock { ($0.content, $0.tag) = (pattern(1000, seed: 1), "\"new\"") }
    let second = try await place.ask(function, ["key": "m"])
    #expect(first.body["fileId"] as? String == second.body["fileId"] as? String)
    #expect(place.read("models/m") == pattern(1000, seed: 1))
  }

  /// The object became another one when the last of its parts had been read. Who was told of that may have been faster: until
  /// it was asked for once more, the older content could replace the newer one for ever.
  @Test func anotherContentBehindTheLastPart() async throws {
    let content = pattern((8 << 20) + 1)
    let s3 = FakeS3(content) { [place] _, answer, number, state throws(HTTPError) in
      if number == 3 {
        (state.content, state.tag) = (pattern(1000, seed: 1), "\"new\"")
        try? place.write("models/m", state.content)
      }
      return answer
    }
    let answer = try await place.ask(place.function("producer", s3), ["key": "m"])
    #expect(answer.status == 200 && answer.body["sizeBytes"] as? Int == 1000)
    #expect(place.read("models/m") == pattern(1000, seed: 1) && place.files == ["models/m"])
  }

  @Test func dataUnderAKnownName() async throws {
    let function = try place.function("producer")
    let first = try await place.ask(function, ["data": "first text", "filename": "n"])
    let number = try place.number(of: "inputs/n")
    let second = try await place.ask(function, ["data": "another text", "filename": "n"])
    #expect(second.status == 200 && second.body["sizeBytes"] as? Int == 10)
    #expect(first.body["fileId"] as? String == second.body["fileId"] as? String)
    #expect(try place.number(of: "inputs/n") == number && place.read("inputs/n") == Array("first text".utf8))
  }
}
