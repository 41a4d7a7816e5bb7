import Groundwork
import FleetTesting
import Testing

@testable import SharedFiles

@Suite struct StatisticsTests {
  private let place: Place

  init() throws { place = try Place() }

  @Test(
    arguments: [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0, 0),
      ([98, 97, 97, 98], "5477d3197236408c5e9d11bbd332dc95176b71e581efcad3593b1e9be4838de4", 2, 97),
    ] as [([UInt8], String, Int, Int)])
  func statistics(bytes: [UInt8], checksum: String, unique: Int, most: Int) throws {
    try place.write("models/x", bytes)
    let found = try ByteStatistics(of: place.mount.open(StoredName("x", in: .models)))
    #expect(
      found.checksum == checksum && found.fileSize == bytes.count && found.uniqueBytes == unique
        && found.mostCommonByte == most)
  }

  /// Counted another way, over the edges of blocks.
  @Test(arguments: 0..<5)
  func aLargeFile(number: Int) throws {
    var generator = SeededGenerator(seed: UInt64(number) + 1)
    let bytes = (0..<(OpenFile.block + Int.random(in: 0...OpenFile.block, using: &generator))).map { _ in
      UInt8.random(in: 0...9, using: &generator)
    }
    try place.write("models/x", bytes)
    var counts = [Int](repeating: 0, count: 256)
    bytes.forEach { counts[Int($0)] += 1 }
    let found = try ByteStatistics(of: place.mount.open(StoredName("x", in: .models)))
    #expect(found.uniqueBytes == counts.count { $0 > 0 })
    #expect(found.mostCommonByte == counts.firstIndex(of: counts.max() ?? 0))
  }
}
