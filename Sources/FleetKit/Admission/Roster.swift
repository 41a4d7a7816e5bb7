import Groundwork

/// Who may be rolled out, and how waves name them.
public struct Roster: Sendable {
  /// The items' names, which are distinct, in the order in which they are worked on.
  public let items: [String]
  /// The field of a wave that names items, e.g. `routers`.
  public let field: String
  /// Fields of a wave that name groups of items, and what each group holds.
  public let groups: [String: [String: [String]]]
  /// Groups that are there and can't be used, and why, by the fields that name them. They stand in nobody's way who
  /// does not name them.
  public let broken: [String: [String: String]]
  /// Where the documents of a wave run.
  public let commandHosts: CommandHosts
  /// Whether the deployment's own waves have to name all items. Where they do not, a rollout tells how many were left out.
  public let isWhole: Bool

  /// Where the documents run that a wave has before and after its steps.
  public enum CommandHosts: Sendable {
    /// On the items' own hosts.
    case items
    /// Those after the steps on the items' hosts, which the steps have made, unless they name instances; those before
    /// name instances.
    case itemsAfter
    /// The items have no hosts: every command names instances.
    case named
  }

  /// A roster; without groups where waves name items only.
  public init(
    _ items: [String], field: String, groups: [String: [String: [String]]] = [:],
    broken: [String: [String: String]] = [:], commandHosts: CommandHosts = .items, isWhole: Bool = true
  ) {
    self.items = items
    self.field = field
    self.groups = groups
    self.broken = broken
    self.isWhole = isWhole
    self.commandHosts = commandHosts
  }

  /// The fields of a wave that say which items it has, `items` among them: the same in every deployment.
  var fields: [String] { [field] + groups.keys.sorted() + ["items"] }

  /// The items that a wave's field names.
  /// - Throws: ``Failure`` (`Input.Invalid`) that names an entry that there is not, or one that is there twice.
  func items(_ names: [String], in field: String, of place: String) throws(Failure) -> [String] {
    let known = groups[field] ?? [:]
    let all = groups[field] == nil ? Set(items) : Set(known.keys)
    var seen: Set<String> = []
    for name in names {
      if let reason = broken[field]?[name] { throw .input("\(place).\(field): \(reason)") }
      guard all.contains(name) else {
        throw .input("\(place).\(field) names \"\(name.shown(bytes: 80))\"; there are \(listed(all))")
      }
      guard seen.insert(name).inserted else {
        throw .input("\(place).\(field) names \(name) twice")
      }
    }
    guard groups[field] != nil else { return names }
    return names.flatMap { known[$0] ?? [] }
  }

  private func listed(_ names: Set<String>) -> String {
    names.sorted().joined(separator: ", ").oneLine(limit: 400)
  }
}

extension Failure {
  /// A rollout that is refused before anything was done (`Input.Invalid`).
  public static func input(_ message: String) -> Failure { Failure(type: "Input.Invalid", message: message) }
}
