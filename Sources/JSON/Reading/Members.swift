/// An object's members by their names. Of two with the same name the first counts.
final class Members {
  /// Up to so many, names are compared one by one.
  private static let few = 8

  let object: ValueReading
  /// Of names; a value's stands behind its name's.
  private let nodes: [Int]
  private let byName: [String: Int]?
  /// Fields are often asked for in the order in which they stand.
  private var likely = 0

  init(of object: ValueReading) {
    self.object = object
    let document = object.document
    var nodes: [Int] = []
    nodes.reserveCapacity(object.it.count)
    var node = object.node + 1
    for _ in 0..<object.it.count {
      nodes.append(node)
      node = document.nodes[node + 1].next
    }
    self.nodes = nodes
    byName =
      nodes.count <= Self.few
      ? nil
      : Dictionary(
        nodes.map { ((try? document.text(document.nodes[$0])) ?? "", $0 + 1) },
        uniquingKeysWith: { first, _ in first })
  }

  /// A value's node.
  func node(of name: String) -> Int? {
    if let byName { return byName[name] }
    for step in 0..<nodes.count {
      let index = (likely + step) % nodes.count
      guard object.document.says(object.document.nodes[nodes[index]], name) else { continue }
      likely = index + 1
      return nodes[index] + 1
    }
    return nil
  }

  /// Each once.
  func names() -> [String] {
    if let byName { return Array(byName.keys) }
    var names: [String] = []
    for node in nodes {
      guard let name = try? object.document.text(object.document.nodes[node]), !names.contains(name) else {
        continue
      }
      names.append(name)
    }
    return names
  }
}
