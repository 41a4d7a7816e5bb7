// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation

/// A random source whose numbers can be had again: the seed is printed, and `SDWAN_TEST_SEED` sets it.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// - Parameter name: of the test, for the line that is printed.
  public init(_ name: String) {
    let given = ProcessInfo.processInfo.environment["SDWAN_TEST_SEED"].flatMap(UInt64.init)
    let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    print("\(name): SDWAN_TEST_SEED=\(seed)")
    state = seed
  }

  /// The numbers of a seed.
  public init(seed: UInt64) { state = seed }

  /// SplitMix64.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
