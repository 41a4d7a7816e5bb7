/// A whole number that is written with a fraction or an exponent: 1.0, 1e2, 12.5e1. A Double would lose its last digits.
enum WholeNumber {
  /// - Parameter text: a number of JSON.
  /// - Returns: its digits and sign; nil where it is no whole number, or one of more digits than any integer has.
  static func digits(of text: String) -> String? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard let number = parts.first, let exponent = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
    let halves = number.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = halves.first else { return nil }
    let fraction = halves.count == 2 ? halves[1] : ""
    var digits = String(whole) + fraction
    let missing = exponent.subtractingReportingOverflow(fraction.count)
    guard !missing.overflow else { return nil }
    if missing.partialValue >= 0 {
      guard missing.partialValue <= 40 else {
        return digits.allSatisfy { $0 == "0" || $0 == "-" } ? "0" : nil
      }
      return digits + String(repeating: "0", count: missing.partialValue)
    }
    for _ in missing.partialValue..<0 {
      guard let last = digits.last, last != "-" else { break }
      guard last == "0" else { return nil }
      digits.removeLast()
    }
    return digits.isEmpty || digits == "-" ? "0" : digits
  }
}
