import AWSClient
import Groundwork
import JSON

/// Some fields of an event, each checked by itself in `init(from:)`; a bad one is a ``Failure`` that names it.
public protocol EventPart: Decodable {
  /// The fields that are read; nothing is made of all others.
  static var names: Set<String> { get }
}

/// Reads what is known of an event.
enum EventReader {
  /// - Parameters:
  ///   - names: the fields that are read.
  ///   - reader: who takes the event, for people.
  ///   - vocabulary: the deployment's words, for those who decode (``Swift/Decoder/vocabulary``).
  static func read<Part: Decodable>(
    _ event: [UInt8], as part: Part.Type = Part.self, keeping names: Set<String>, of reader: String,
    _ vocabulary: Vocabulary = Vocabulary()
  ) throws(Failure) -> Part {
    let known: [UInt8]
    do throws(JSONFlaw) {
      var strict = StrictJSON(event, maximumValues: FleetEvent.maximumValues)
      // What is ignored may be large: nothing is made of it.
      known = try strict.object(keeping: names)
    } catch {
      throw .event("the event is not what \(reader) takes, a JSON object ({} does everything): \(error)")
    }
    do {
      var reader = JSONReader()
      reader.userInfo = .init(vocabulary)
      return try reader.read(part, from: known)
    } catch let error as Failure {
      throw error
    } catch let error as DecodingError {
      throw .event("the event is not what \(reader) takes: \(error.summary)")
    } catch {
      throw .event("the event is not what \(reader) takes")
    }
  }
}

extension CodingUserInfoKey {
  /// The deployment's words.
  fileprivate static let vocabulary = CodingUserInfoKey(rawValue: "vocabulary")
}

extension [CodingUserInfoKey: any Sendable] {
  /// The deployment's words, for those who decode or encode.
  init(_ vocabulary: Vocabulary) {
    self = CodingUserInfoKey.vocabulary.map { [$0: vocabulary] } ?? [:]
  }
}

extension Decoder {
  /// The deployment's words.
  var vocabulary: Vocabulary { userInfo.vocabulary }
}

extension Encoder {
  /// The deployment's words.
  var vocabulary: Vocabulary { userInfo.vocabulary }
}

extension [CodingUserInfoKey: Any] {
  fileprivate var vocabulary: Vocabulary {
    CodingUserInfoKey.vocabulary.flatMap { self[$0] as? Vocabulary } ?? Vocabulary()
  }
}

extension KeyedDecodingContainer {
  /// A field of an event; nil where it is missing, or null.
  /// - Parameter wanted: what it must be, for people.
  public func value<Value: Decodable>(
    _ key: Key, _ wanted: String, as type: Value.Type = Value.self
  ) throws(Failure) -> Value? {
    guard contains(key), (try? decodeNil(forKey: key)) != true else { return nil }
    guard let value = try? decode(Value.self, forKey: key) else {
      throw .event("the event's field \(key.stringValue) must be \(wanted)")
    }
    return value
  }

  /// A field that is one of a few words.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: Key, of type: Choice.Type = Choice.self
  ) throws(Failure) -> Choice? {
    let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    guard let text: String = try value(key, "one of: \(allowed)") else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .event(
        "the event's field \(key.stringValue) is \"\(text.shown(bytes: 80))\"; allowed: \(allowed)")
    }
    return choice
  }

  /// A field that is a whole number.
  public func number(_ key: Key, _ allowed: ClosedRange<Int>) throws(Failure) -> Int? {
    let wanted = "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
    guard let number: Int = try value(key, wanted) else { return nil }
    guard allowed.contains(number) else {
      throw .event("the event's field \(key.stringValue) is \(number); it must be \(wanted)")
    }
    return number
  }
}
