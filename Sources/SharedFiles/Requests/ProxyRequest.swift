import AWSClient
import JSON
import Groundwork

/// What API Gateway hands over (proxy integration, payload 1.0 or 2.0), or somebody who invokes the function by himself: the body
/// alone.
struct ProxyRequest: Sendable {
  /// The body's bytes.
  let body: [UInt8]

  private struct Event: Decodable {
    /// Whatever is in it.
    struct Context: Decodable {}

    /// Of payload 1.0; 2.0 has the method in its context.
    var httpMethod: String?
    var requestContext: Context?
    var body: String?
    var isBase64Encoded: Bool?
  }

  /// - Throws: ``Refusal`` for an event that holds no body.
  init(event: [UInt8]) throws(Refusal) {
    guard let read = try? JSONReader().read(Event.self, from: event) else {
      throw Refusal(.badRequest, "INVALID_REQUEST", "the event is no JSON object")
    }
    guard read.httpMethod != nil || read.requestContext != nil else {
      body = event
      return
    }
    guard let text = read.body, !text.isEmpty else {
      throw Refusal(.badRequest, "INVALID_REQUEST", "the request has no body")
    }
    guard read.isBase64Encoded == true else {
      body = Array(text.utf8)
      return
    }
    guard let decoded = Base64.decode(text.utf8) else {
      throw Refusal(.badRequest, "INVALID_REQUEST", "the body is said to be base64 and is not")
    }
    body = Array(decoded)
  }

  /// The body as an object with some fields.
  /// - Throws: ``Refusal`` that names the field.
  func fields<Fields: Decodable>(_ type: Fields.Type) throws(Refusal) -> Fields {
    do throws(JSONFlaw) {
      var reader = StrictJSON(body, maximumValues: 1000)
      try reader.check()
    } catch {
      throw Refusal(.badRequest, "INVALID_REQUEST", "the body is no JSON: \(error)")
    }
    do {
      return try JSONReader().read(type, from: body)
    } catch {
      guard case DecodingError.typeMismatch(_, let context) = error, let field = context.codingPath.last
      else {
        throw Refusal(.badRequest, "INVALID_REQUEST", "the body is no JSON object")
      }
      throw .invalid(field.stringValue, "is no text")
    }
  }
}

/// What API Gateway makes an answer of; anything else would be a 502 of its own.
struct ProxyAnswer: Encodable, Sendable {
  let statusCode: Int
  /// A page of another origin may read the answer: proxy answers carry only what the function says.
  let headers = ["Access-Control-Allow-Origin": "*", "Content-Type": "application/json"]
  let body: String
  let isBase64Encoded = false

  /// A success.
  init(_ result: some Encodable) {
    statusCode = 200
    body = Self.text(result)
  }

  init(_ refusal: Refusal) {
    statusCode = refusal.status.rawValue
    body = Self.text(ErrorBody(refusal: refusal))
  }

  var bytes: [UInt8] { Array(Self.text(self).utf8) }

  private struct ErrorBody: Encodable {
    let refusal: Refusal

    private enum Key: CodingKey { case error, message }

    func encode(to encoder: any Encoder) throws {
      try refusal.facts.encode(to: encoder)
      var fields = encoder.container(keyedBy: Key.self)
      try fields.encode(refusal.code, forKey: .error)
      try fields.encode(refusal.message, forKey: .message)
    }
  }

  static func text(_ value: some Encodable) -> String {
    // These types hold texts and numbers only, which JSON always can.
    return (try? JSONWriter().text(value)) ?? ""
  }
}
