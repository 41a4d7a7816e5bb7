import FoundationEssentials

/// The event of a phase: a JSON object of which a few fields are known; all others are ignored.
struct PhaseInput: Equatable {
  /// The routers to work on; nil means all.
  var instances: [String]?

  /// - Throws: ``PhaseError`` (`Event.Invalid`) for anything but an object, and for a known field with a
  ///   value that has no meaning, or none yet.
  init(event: [UInt8]) throws(PhaseError) {
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: Data(event))
    } catch let error as DecodingError {
      throw .event("the event is not what a phase takes: \(error.summary)")
    } catch let error as PhaseError {
      throw error
    } catch {
      throw .event("the event is no JSON object")
    }
    instances = fields.instances
  }

  /// The routers of the topology that the event asks for.
  /// - Throws: ``PhaseError`` (`Event.Invalid`) that names an unknown router.
  func routers(of topology: Topology) throws(PhaseError) -> [Router] {
    guard let instances else { return topology.routers }
    let known = Set(topology.routers.map(\.name))
    for name in instances where !known.contains(name) {
      let names = topology.routers.map(\.name).joined(separator: ", ").oneLine(limit: 400)
      throw .event("the event's field instances names \"\(name.prefix(80))\"; the topology has \(names)")
    }
    let wanted = Set(instances)
    return topology.routers.filter { wanted.contains($0.name) }
  }

  private struct Fields: Decodable {
    var instances: [String]?

    private enum Key: String, CodingKey {
      case instances, mode, action, recreate, confirm
    }

    init(from decoder: any Decoder) throws {
      let fields: KeyedDecodingContainer<Key>
      do {
        fields = try decoder.container(keyedBy: Key.self)
      } catch {
        throw PhaseError.event("the event is no JSON object")
      }
      if fields.contains(.instances) {
        instances = try Self.value(fields, .instances, [String].self, "an array of router names")
        if instances?.isEmpty == true {
          throw PhaseError.event("the event's field instances is empty; leave it out for all")
        }
      }
      try Self.require(fields, .mode, "apply", of: ["apply", "plan"])
      try Self.require(fields, .action, "run", of: ["run", "start", "check", "cancel"])
      try Self.require(fields, .recreate, "always", of: ["always", "changed", "never"])
      if fields.contains(.confirm), try Self.value(fields, .confirm, Bool.self, "true or false") {
        throw PhaseError.event(
          "the event's field confirm is true, which this version does not support; allowed: false")
      }
    }

    /// Only what is done today is accepted: a wish that would be ignored is refused.
    private static func require(
      _ fields: KeyedDecodingContainer<Key>, _ key: Key, _ supported: String, of all: [String]
    ) throws {
      guard fields.contains(key) else { return }
      let value = try value(fields, key, String.self, all.joined(separator: ", "))
      if value == supported { return }
      let why = all.contains(value) ? "this version does not support" : "has no meaning"
      throw PhaseError.event(
        "the event's field \(key.stringValue) is \"\(value.prefix(80))\", which \(why); allowed: \(supported)"
      )
    }

    private static func value<Value: Decodable>(
      _ fields: KeyedDecodingContainer<Key>, _ key: Key, _ type: Value.Type, _ wanted: String
    ) throws -> Value {
      guard let value = try? fields.decode(type, forKey: key) else {
        throw PhaseError.event("the event's field \(key.stringValue) must be \(wanted)")
      }
      return value
    }
  }
}
