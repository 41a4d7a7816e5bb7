import Groundwork

/// The body and the headers of an error report.
extension Failure {
  /// Whose fault the error-type header says it is.
  enum Origin: String {
    case runtime = "Runtime"
    case function = "Function"
  }

  /// `{"errorType":…,"errorMessage":…,"stackTrace":[]}`.
  var body: [UInt8] {
    var json = JSONText()
    json.append(raw: "{\"errorType\":")
    json.append(string: type)
    json.append(raw: ",\"errorMessage\":")
    json.append(string: message)
    json.append(raw: ",\"stackTrace\":[]}")
    return json.bytes
  }

  /// The value of `Lambda-Runtime-Function-Error-Type`.
  ///
  /// The Runtime API keeps only `(Runtime|Function)\.[A-Z][a-zA-Z]+` and makes everything else
  /// `Runtime.Unknown`, so the public name's letters are put behind the origin.
  func headerType(_ origin: Origin) -> String {
    if type == Failure.responseTooLarge { return "Function.ResponseSizeTooLarge" }
    let letters = String(type.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic })
    guard letters.utf8.count > 1, let first = letters.first else { return "\(origin.rawValue).Unknown" }
    return "\(origin.rawValue).\(first.uppercased())\(letters.dropFirst())"
  }

  /// The value of `Lambda-Runtime-Function-XRay-Error-Cause`, one line of JSON.
  ///
  /// Lambda drops a cause above 1 MiB; a header that long would not reach it anyway.
  func xrayCause(workingDirectory: String) -> String {
    var json = JSONText(asciiOnly: true)
    json.append(raw: "{\"working_directory\":")
    json.append(string: workingDirectory)
    json.append(raw: ",\"exceptions\":[{\"type\":")
    json.append(string: type)
    json.append(raw: ",\"message\":")
    json.append(string: message.shown(bytes: 2048))
    json.append(raw: ",\"stack\":[]}],\"paths\":[]}")
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// The public name of an answer that Lambda refused for its size.
  static let responseTooLarge = "Response.TooLarge"
}
