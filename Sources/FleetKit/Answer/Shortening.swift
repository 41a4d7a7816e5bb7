import Groundwork

/// Cuts the middle out of long texts.
enum Shortening {
  /// Below this a cut text would be nothing but its mark.
  static let leastSize = 120

  /// The text, or its head and its tail around a mark, so that it takes at most `limit` bytes in JSON.
  static func cut(_ text: String, toJSONBytes limit: Int) -> String {
    let size = JSONSize.of(text)
    if size <= limit { return text }
    let mark = "\n[… \(size) bytes, cut here; the function's log has it all …]\n"
    let room = limit - JSONSize.of(mark)
    guard room > 0 else { return limit >= 3 ? "…" : "" }
    let head = text.unicodeScalars.prefix(fittingJSONBytes: room / 2)
    let tail = text.unicodeScalars.reversed().prefix(fittingJSONBytes: room / 2).reversed()
    var shortened = String.UnicodeScalarView()
    shortened.append(contentsOf: head)
    shortened.append(contentsOf: mark.unicodeScalars)
    shortened.append(contentsOf: tail)
    return String(shortened)
  }
}
