import FoundationEssentials

/// Whether phase 1 makes an existing router anew.
enum Recreate: String, Sendable, CaseIterable {
  case always
  /// Only if it is not what is wanted.
  case changed
  case never
}

/// The event of a phase: a JSON object of which a few fields are known; all others are ignored.
struct PhaseInput: Equatable {
  enum Mode: String, CaseIterable {
    case apply
    /// Tell what would be done, and change nothing.
    case plan
  }

  /// The routers to work on; nil means all.
  var instances: [String]?
  var mode = Mode.apply
  /// nil leaves it to the function's environment.
  var recreate: Recreate?
  /// Phase 2: go back to the previous configuration unless the tunnels come up.
  var confirm = false

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
    mode = fields.mode
    recreate = fields.recreate
    confirm = fields.confirm
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
    var mode = Mode.apply
    var recreate: Recreate?
    var confirm = false

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
      instances = try Self.value(fields, .instances, "an array of router names")
      if instances?.isEmpty == true {
        throw PhaseError.event("the event's field instances is empty; leave it out for all")
      }
      mode = try Self.choice(fields, .mode, of: Mode.allCases) ?? .apply
      recreate = try Self.choice(fields, .recreate, of: Recreate.allCases)
      confirm = try Self.value(fields, .confirm, "true or false") ?? false
      try Self.requireRun(fields)
    }

    /// Only what is done today is accepted: a wish that would be ignored is refused.
    private static func requireRun(_ fields: KeyedDecodingContainer<Key>) throws {
      let action: String? = try value(fields, .action, "run")
      guard let action, action != "run" else { return }
      let why =
        ["start", "check", "cancel"].contains(action) ? "this version does not support" : "has no meaning"
      throw PhaseError.event(
        "the event's field action is \"\(action.prefix(80))\", which \(why); allowed: run")
    }

    private static func choice<Choice: RawRepresentable<String>>(
      _ fields: KeyedDecodingContainer<Key>, _ key: Key, of all: [Choice]
    ) throws -> Choice? {
      let allowed = all.map(\.rawValue).joined(separator: ", ")
      let text: String? = try value(fields, key, "one of: \(allowed)")
      guard let text else { return nil }
      guard let choice = Choice(rawValue: text) else {
        throw PhaseError.event(
          "the event's field \(key.stringValue) is \"\(text.prefix(80))\"; allowed: \(allowed)")
      }
      return choice
    }

    /// nil where the field is missing.
    private static func value<Value: Decodable>(
      _ fields: KeyedDecodingContainer<Key>, _ key: Key, _ wanted: String
    ) throws -> Value? {
      guard fields.contains(key) else { return nil }
      guard let value = try? fields.decode(Value.self, forKey: key) else {
        throw PhaseError.event("the event's field \(key.stringValue) must be \(wanted)")
      }
      return value
    }
  }
}
