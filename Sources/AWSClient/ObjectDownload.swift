import Groundwork

/// Reads a large object part by part, several at a time, and hands its bytes on in their order.
///
/// A part that breaks off goes on from where it broke; that it is still the same object is seen by its tag.
public struct ObjectDownload: Sendable {
  /// Bytes of a part, and parts that are on their way or wait for their turn: what is in memory at most.
  public struct Window: Sendable {
    var part: Int
    var count: Int

    /// 4 parts of 4 MiB, unless it is said otherwise.
    public init(part: Int = 4 << 20, count: Int = 4) {
      self.part = part
      self.count = count
    }
  }

  /// What one attempt at a part may take.
  private static let attemptTimeout = Duration.seconds(30)

  let store: ObjectStore
  let object: ObjectURI
  let version: ObjectVersion
  let window: Window
  let clock: Clock
  /// A number from 0 up to 1.
  let random: @Sendable () -> Double
  let latest: Deadline

  /// - Parameter latest: when there is no point in it any more.
  public init(
    _ object: ObjectURI, _ version: ObjectVersion, from store: ObjectStore, window: Window = Window(),
    clock: Clock, random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, latest: Deadline
  ) {
    self.store = store
    self.object = object
    self.version = version
    self.window = window
    self.clock = clock
    self.random = random
    self.latest = latest
  }

  /// - Parameter take: gets the object's bytes, part after part.
  /// - Throws: ``FailedCall`` where a part does not come, or what `take` throws.
  public func run(_ take: (ArraySlice<UInt8>) throws -> Void) async throws {
    let parts = stride(from: 0, to: version.size, by: window.part).map {
      $0..<min($0 + window.part, version.size)
    }
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      var begun = 0
      func begin() {
        guard begun < parts.count else { return }
        let number = begun
        begun += 1
        group.addTask { (number, try await whole(parts[number])) }
      }
      for _ in 0..<window.count { begin() }
      var (taken, waiting) = (0, [Int: [UInt8]]())
      while let (number, bytes) = try await group.next() {
        waiting[number] = bytes
        while let bytes = waiting.removeValue(forKey: taken) {
          try take(bytes[...])
          taken += 1
          begin()
        }
      }
    }
  }

  /// A part to its end, however often it breaks off; an attempt that brings nothing is made again a few times only.
  private func whole(_ part: Range<Int>) async throws(FailedCall) -> [UInt8] {
    var bytes: [UInt8] = []
    var failures = 0
    while bytes.count < part.count {
      let rest = part.lowerBound + bytes.count..<part.upperBound
      do throws(FailedCall) {
        let more = try await store.read(
          rest, of: object, version, latest: latest, within: Self.attemptTimeout)
        // As a rule it is the whole part, of which there is no second copy then.
        if bytes.isEmpty { bytes = more } else { bytes += more }
        failures = 0
      } catch {
        failures += 1
        guard error.error.isPassing, !error.error.isLate, failures < store.maximumAttempts else {
          throw error
        }
        let pause = RetryPolicy.delay(
          after: failures, for: error.error.isThrottling ? .throttling : .transient, random: random())
        do { try await clock.sleep(pause) } catch { throw FailedCall(.late("GetObject", in: store.region)) }
      }
    }
    return bytes
  }
}
