import Foundation

/// The terminal that the tool runs in.
enum Terminal {
  static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

  /// Columns and rows; nil where stdout is no terminal.
  static var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// To stderr.
  static func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

  /// A line of the operator's; nil where nobody can be asked.
  static func ask(_ question: String) -> String? {
    guard canAsk else { return nil }
    FileHandle.standardError.write(Data(question.utf8))
    return readLine()
  }
}
