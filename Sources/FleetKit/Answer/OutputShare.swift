/// Bounds what a fleet's outputs take of the function's memory: of very many targets each keeps a part of its own.
struct OutputShare: Sendable {
  /// Bytes in JSON that the outputs of all targets may take: the whole outputs of 1,000 targets that print ASCII.
  private static let all = 40_000_000

  private let bytes: Int

  init(targets: Int) { bytes = Self.all / max(targets, 1) }

  /// The result with its outputs cut to the share: a fifth for stderr, the rest for stdout.
  func applied<Details>(to result: TargetResult<Details>) -> TargetResult<Details> {
    var result = result
    result.stdout = cut(result.stdout, to: bytes / 5 * 4)
    result.stderr = cut(result.stderr, to: bytes / 5)
    return result
  }

  private func cut(_ text: String, to limit: Int) -> String {
    // No byte takes more than six in JSON.
    text.utf8.count * 6 <= limit ? text : Shortening.cut(text, toJSONBytes: limit)
  }
}
