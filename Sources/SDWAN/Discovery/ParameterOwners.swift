import SSMKit

/// Which routers have a value as a parameter: what belongs to one router only must not be two routers'.
struct ParameterOwners: Sendable {
  private var names: [ParameterType: [String: [String]]] = [:]

  init(_ discovery: Discovery) {
    for region in discovery.values.values {
      for (name, values) in region {
        for (type, value) in values { names[type, default: [:]][value, default: []].append(name) }
      }
    }
  }

  /// The first other router by name that has the same value.
  func another(than name: String, having value: String, as type: ParameterType) -> String? {
    names[type]?[value]?.filter { $0 != name }.min()
  }
}
