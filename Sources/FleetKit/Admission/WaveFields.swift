import Groundwork

/// Reads the fields of a wave, or of a command of one, each by itself; null counts as absent.
struct WaveFields {
  /// Where the object stands, e.g. `waves[1].preCommands[0]`; messages begin with it.
  let place: String
  private let fields: KeyedDecodingContainer<Word>

  /// - Throws: ``Failure`` (`Input.Invalid`) where there is no object.
  init(_ decoder: any Decoder) throws(Failure) {
    let path = decoder.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    place = path.hasPrefix("[") ? "waves\(path)" : String(path.dropFirst())
    guard let fields = try? decoder.container(keyedBy: Word.self) else {
      throw .input("\(place) must be an object")
    }
    self.fields = fields
  }

  /// What is there, known or not.
  var names: [String] { fields.allKeys.map(\.stringValue).sorted() }

  /// - Parameter wanted: what the field must be, for people.
  /// - Throws: ``Failure`` (`Input.Invalid`) that names the field.
  func value<Value: Decodable>(
    _ key: Word, _ wanted: String, as type: Value.Type = Value.self
  ) throws(Failure) -> Value? {
    do {
      return try fields.decodeIfPresent(Value.self, forKey: key)
    } catch let error as Failure {
      throw error
    } catch {
      throw .input("\(place).\(key.stringValue) must be \(wanted)")
    }
  }

  /// A field that is a text of some form.
  /// - Throws: ``Failure`` (`Input.Invalid`) where it is missing or of another form.
  func text(_ key: Word, _ wanted: String, _ isRight: (String) -> Bool) throws(Failure) -> String {
    guard let text: String = try value(key, wanted) else {
      throw .input("\(place).\(key.stringValue) is missing; it must be \(wanted)")
    }
    guard isRight(text) else {
      throw .input("\(place).\(key.stringValue) is \"\(text.shown(bytes: 80))\"; it must be \(wanted)")
    }
    return text
  }

  /// A field that is a whole number.
  func number(_ key: Word, _ allowed: ClosedRange<Int>) throws(Failure) -> Int? {
    let wanted = "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
    guard let number: Int = try value(key, wanted) else { return nil }
    guard allowed.contains(number) else {
      throw .input("\(place).\(key.stringValue) is \(number); it must be \(wanted)")
    }
    return number
  }

  /// - Throws: ``Failure`` (`Input.Invalid`) that names a field that is none of these.
  func requireOnly(_ known: [String]) throws(Failure) {
    if let field = names.first(where: { !known.contains($0) }) {
      throw .input(
        "\(place) has no field \"\(field.shown(bytes: 40))\"; it has \(known.joined(separator: ", "))")
    }
  }
}
