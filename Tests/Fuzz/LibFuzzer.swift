/// What is fed with bytes from outside.
struct FuzzTarget: Sendable {
  var name: String
  /// Well-formed inputs, from which libFuzzer makes others.
  var seeds: [String]
  /// Must come back for every input, quickly, and without a trap.
  var run: @Sendable ([UInt8]) -> Void
}

/// Ends the run where a parser breaks its word; unlike `precondition` it says how in a release build, too.
func promise(_ isKept: Bool, _ complaint: @autoclosure () -> String) {
  if !isKept { fatalError(complaint()) }
}

// A C function of libFuzzer that no header declares to Swift; all its arguments are words.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

enum LibFuzzer {
  /// A C callback holds nothing. Set once, before libFuzzer calls it on the same thread.
  nonisolated(unsafe) private static var target: FuzzTarget?

  /// - Parameter arguments: the process's; the target's name in it takes the place of the program's.
  static func run(
    _ target: FuzzTarget, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, _ count: Int32
  ) -> Int32 {
    self.target = target
    // libFuzzer starts itself again from the first argument for some options; none of those is used.
    arguments[1] = arguments[0]
    var (rest, left) = (arguments + 1, count - 1)
    return runDriver(&left, &rest) { bytes, size in
      LibFuzzer.target?.run(Array(UnsafeBufferPointer(start: bytes, count: size)))
      return 0
    }
  }
}
