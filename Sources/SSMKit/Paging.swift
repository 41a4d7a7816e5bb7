/// The token of the page behind one, in a listing that comes in pages; nil at its end.
/// - Parameters:
///   - next: what the page says. An empty page with a token is legal, and so is an empty token.
///   - token: what the page was asked for with; the same one again would go on for ever.
func nextPage(_ next: String?, after token: String?) -> String? {
  next == token || next?.isEmpty == true ? nil : next
}
