import Foundation

/// The terminal that the tool runs in.
enum Terminal {
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

  /// Columns and rows; nil where stdout is no terminal.
  static var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), max(Int(size.ws_row), 2))
  }

  /// All of it at once, so that nothing flickers; whoever has gone away misses it.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// To stderr.
  static func complain(_ text: String) { write("\(text)\n", to: STDERR_FILENO) }

  /// A line of the operator's; nil where nobody can be asked. Ctrl-C ends the process then.
  @Sendable static func ask(_ question: String) -> String? {
    guard canAsk else { return nil }
    return Interrupts.ending {
      write(question, to: STDERR_FILENO)
      return readLine()
    }
  }
}
