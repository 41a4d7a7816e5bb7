import Glibc

/// A variable of the process's environment whose value changes with every invocation.
///
/// `setenv` keeps every value that it was ever given, so a long life would fill the memory. Here `putenv` gets one
/// buffer of a fixed size, which is written anew in place. The environment points to the buffer from then on, so
/// the buffer is never freed.
///
/// Others may read the environment at any time, libcurl's resolver threads among them: they compare names, and the
/// name in the buffer never changes. The value changes between two invocations only, when no handler runs.
struct EnvironmentSlot {
  /// Bytes of the longest value. Lambda's trace header takes about 100, and a few hundred with its lineage.
  static let capacity = 4096

  private let name: StaticString
  private let line: UnsafeMutablePointer<CChar>
  private let value: UnsafeMutablePointer<CChar>

  /// - Parameter name: one that no other slot has.
  init(_ name: StaticString) {
    self.name = name
    let beginning = name.utf8CodeUnitCount + 1
    line = .allocate(capacity: beginning + Self.capacity + 1)
    line.initialize(repeating: 0, count: beginning + Self.capacity + 1)
    memcpy(line, name.utf8Start, name.utf8CodeUnitCount)
    line[beginning - 1] = CChar(UInt8(ascii: "="))
    value = line + beginning
  }

  /// Sets the variable, or takes it away where there is no value or one that is too long or holds a NUL.
  func set(_ text: String?) {
    guard var text, text.utf8.count <= Self.capacity, text.withUTF8(write) else {
      unsetenv(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
      return
    }
    putenv(line)
  }

  /// False where the bytes hold a NUL, which would end the value.
  private func write(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    value[bytes.count] = 0
    guard let first = bytes.baseAddress else { return true }
    guard memchr(first, 0, bytes.count) == nil else { return false }
    memcpy(value, first, bytes.count)
    return true
  }
}
