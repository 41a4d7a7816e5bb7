import JSON
import AWSClient
import Groundwork

/// What a state machine asks before anything is told or changed: `{action: "admit", event, steps, undo?, waves?}`.
struct AdmissionMessage: Decodable {
  /// One of the deployment's steps.
  struct Step: Decodable {
    let name: String
    /// In seconds.
    let timeout: Int
    /// Whether its function is told of the items that were reached before.
    let reached: Bool?
  }

  /// What the execution's input says of the steps.
  struct Wishes: Decodable {
    /// Only these; nil for all.
    let steps: [String]?
  }

  /// In a wave's order.
  let steps: [Step]
  let event: Wishes
  /// nil for the deployment's own.
  let waves: [GivenWave]?

  private enum Key: String, CodingKey, CaseIterable { case event, steps, waves }

  static let names = Set(Key.allCases.map(\.rawValue))

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    event = try fields.decode(Wishes.self, forKey: .event)
    steps = try fields.decode([Step].self, forKey: .steps)
    let isGiven = try fields.contains(.waves) && !fields.decodeNil(forKey: .waves)
    if isGiven, (try? fields.nestedUnkeyedContainer(forKey: .waves)) == nil {
      throw Failure.input("waves must be a list of waves, each an object with a name")
    }
    waves = isGiven ? try fields.decode([GivenWave].self, forKey: .waves) : nil
    if waves?.isEmpty == true { throw Failure.input("waves is empty; leave it out for the deployment's own") }
  }

  /// The execution's input inside the message, as it came.
  /// - Throws: ``Failure`` (`Event.Invalid`) where the message is no object.
  static func event(in message: [UInt8]) throws(Failure) -> [UInt8] {
    do throws(JSONFlaw) {
      var strict = StrictJSON(message, maximumValues: FleetEvent.maximumValues)
      let kept = try strict.object(keeping: [Key.event.rawValue])
      let frame = "{\"\(Key.event.rawValue)\":"
      return kept.count > frame.utf8.count
        ? Array(kept.dropFirst(frame.utf8.count).dropLast()) : Array("{}".utf8)
    } catch {
      throw .event("the event is no admission's: \(error)")
    }
  }
}
