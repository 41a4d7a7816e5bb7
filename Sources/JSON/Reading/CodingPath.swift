/// Where a value is, from the inside to the outside: made into keys only where somebody asks.
indirect enum CodingPath {
  case root
  case key(any CodingKey, in: CodingPath)
  case item(Int, in: CodingPath)

  /// From the outside to the inside.
  var keys: [any CodingKey] {
    switch self {
    case .root: []
    case .key(let key, let outer): outer.keys + [key]
    case .item(let index, let outer): outer.keys + [ItemKey(index)]
    }
  }
}

/// The name of what stands in a list, or above.
struct ItemKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  static let above = ItemKey(name: "super")

  init(_ index: Int) {
    stringValue = "Index \(index)"
    intValue = index
  }

  private init(name: String) {
    stringValue = name
    intValue = nil
  }

  init?(stringValue: String) { self.init(name: stringValue) }

  init?(intValue: Int) { self.init(intValue) }
}
