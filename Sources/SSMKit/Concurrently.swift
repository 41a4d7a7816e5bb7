/// Runs `body` for all elements at the same time and waits for all; the results by element.
public func concurrently<Element: Hashable & Sendable, Value: Sendable>(
  _ elements: some Sequence<Element>, _ body: @escaping @Sendable (Element) async -> Value
) async -> [Element: Value] {
  await withTaskGroup(of: (Element, Value).self) { group in
    for element in elements { group.addTask { (element, await body(element)) } }
    return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
}
