import CLibcurl

/// A request's header fields as libcurl takes them; kept, as many a request has those of the one before it.
final class HeaderList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?
  private var headers: HTTPHeaders = []
  private var hasBody = false

  deinit { curl_slist_free_all(list) }

  /// Makes the list a request's.
  /// - Returns: false when there is no memory for it.
  func fill(for request: HTTPRequest) -> Bool {
    guard list == nil || request.headers != headers || request.method.hasBody != hasBody else { return true }
    curl_slist_free_all(list)
    list = nil
    (headers, hasBody) = (request.headers, request.method.hasBody)
    return lines.allSatisfy(append)
  }

  private var lines: [String] {
    let lines = headers.fields.map { field in
      // With a colon and nothing behind it libcurl would take the field away; this is its way to send it empty.
      let isEmpty = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      return isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
    }
    guard hasBody else { return lines }
    // No `Expect: 100-continue` (a round trip), and no Content-Type that nobody asked for.
    return lines + ["Expect:"] + (headers["Content-Type"] == nil ? ["Content-Type:"] : [])
  }

  /// False without memory; then the list is none, so that it is made anew.
  private func append(_ line: String) -> Bool {
    guard let longer = curl_slist_append(list, line) else {
      curl_slist_free_all(list)
      list = nil
      return false
    }
    list = longer
    return true
  }
}
