/// Where a value goes: those who encode may fill their containers in any order, so the text is made at the end.
final class Slot {
  enum Content {
    /// Nobody has written anything.
    case nothing
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([Slot])
    case object([(name: String, slot: Slot)])
  }

  var content = Content.nothing

  /// A place for one more member. Of two with the same name the later one counts.
  func member(_ name: String) -> Slot {
    var members: [(name: String, slot: Slot)] = []
    if case .object(let known) = content { members = known }
    // Or the array would be copied.
    content = .nothing
    let slot = Slot()
    members.append((name, slot))
    content = .object(members)
    return slot
  }

  /// The place of a list or an object that may have been begun already.
  func container(_ name: String) -> Slot {
    if case .object(let members) = content, let known = members.last(where: { $0.name == name }) {
      return known.slot
    }
    return member(name)
  }

  /// A place for one more item.
  func item() -> Slot {
    var items: [Slot] = []
    if case .list(let known) = content { items = known }
    content = .nothing
    let slot = Slot()
    items.append(slot)
    content = .list(items)
    return slot
  }

  /// Items of a list.
  var count: Int {
    guard case .list(let items) = content else { return 0 }
    return items.count
  }

  /// That this is an object, or a list, even if nothing is put into it.
  func becomes(_ empty: Content) { if case .nothing = content { content = empty } }
}
