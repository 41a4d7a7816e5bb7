import Groundwork

/// Which items each of a rollout's waves has.
struct WaveItems {
  /// By the waves' places.
  private(set) var items: [[String]] = []
  /// Items that no wave has, in the roster's order.
  private(set) var leftOut: [String] = []

  /// - Throws: ``Failure`` (`Input.Invalid`) that names the wave and the entry that can't be.
  init(_ waves: [GivenWave], of roster: Roster) throws(Failure) {
    var owners: [String: String] = [:]
    for wave in waves {
      let own = try Self.named(by: wave, of: roster)
      for item in own {
        if let other = owners.updateValue(wave.name, forKey: item) {
          throw .input("\(item) is in two waves, \(other) and \(wave.name)")
        }
      }
      items.append(own)
    }
    let rest = waves.indices.filter { waves[$0].isRest }
    if rest.count > 1 {
      throw .input("\(rest.map { waves[$0].name }.joined(separator: " and ")) all have rest; one wave can")
    }
    leftOut = roster.items.filter { owners[$0] == nil }
    if let place = rest.first {
      items[place] = leftOut
      leftOut = []
    }
    if let empty = waves.indices.first(where: { items[$0].isEmpty }) {
      throw .input("\(waves[empty].place) is empty: nothing is left for it")
    }
  }

  private static func named(by wave: GivenWave, of roster: Roster) throws(Failure) -> [String] {
    if let field = wave.named.keys.sorted().first(where: { !roster.fields.contains($0) }) {
      let all = (GivenWave.fields + roster.fields).joined(separator: ", ")
      throw .input("\(wave.place) has no field \"\(field.shown(bytes: 40))\"; it has \(all)")
    }
    let selects = wave.named.contains { !$0.value.isEmpty }
    guard selects != wave.isRest else {
      let choice = roster.fields.joined(separator: ", ")
      throw .input(
        "\(wave.place) must have \(selects ? "either" : "one of") \(choice) or rest: true\(selects ? ", not both" : "")"
      )
    }
    var (items, seen): ([String], Set<String>) = ([], [])
    for field in roster.fields {
      let named = try roster.items(wave.named[field] ?? [], in: field, of: wave.place)
      items += named.filter { seen.insert($0).inserted }
    }
    return items
  }
}
