/// A field's name in JSON where it is a deployment's own word.
struct Word: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ word: String) { stringValue = word }
  init(stringLiteral word: String) { stringValue = word }
  init(stringValue word: String) { stringValue = word }
  init?(intValue: Int) { nil }
}
