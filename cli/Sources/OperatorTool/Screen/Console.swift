import Foundation

/// What the tool reads from and writes to: its terminal, or a test's.
struct Console: Sendable {
  /// To stdout, as it is.
  var write: @Sendable (String) -> Void
  /// Columns and rows; nil where stdout is no terminal.
  var size: @Sendable () -> (columns: Int, rows: Int)?
  /// A line to stderr.
  var complain: @Sendable (String) -> Void
  /// All that stands on stdin.
  var input: @Sendable () -> [UInt8] = { [] }
  /// Asks, and gives the answer; nil where nobody can be asked.
  var ask: (@Sendable (String) -> String?)?

  /// This process's.
  static var live: Console {
    Console(
      write: { Terminal.write($0, to: STDOUT_FILENO) }, size: { Terminal.size },
      complain: { Terminal.complain($0) },
      input: { Array(FileHandle.standardInput.readDataToEndOfFile()) },
      ask: Terminal.canAsk ? Terminal.ask : nil)
  }
}
