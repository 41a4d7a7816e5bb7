import AWSClient
import Groundwork
import SSMKit

/// Why configuration was not read or written.
public enum ConfigurationFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call itself failed.
  case call(FailedCall)
  /// It would not be taken, or what is there is no configuration; nothing was changed. In words.
  case refused(String)

  init(_ failure: ParameterFailure) {
    switch failure {
    case .call(let call): self = .call(call)
    case .refused(let reason): self = .refused(reason)
    }
  }

  /// In words.
  public var description: String {
    switch self {
    case .call(let call): "\(call.error)"
    case .refused(let reason): reason
    }
  }
}

/// How a dictionary is written.
public struct ConfigurationOptions: Sendable {
  /// Whether a value is a secret, by the keys that lead to it; nil leaves it to ``SecretNames``.
  public var isSecret: @Sendable ([String]) -> Bool?
  /// The KMS key of secrets; nil for the account's own.
  public var key: String?
  /// Whether values above 4 KB may go to the advanced tier, which costs money; else they are refused.
  public var mayBeAdvanced: Bool
  /// Of the parameters that are made; those that there are keep theirs.
  public var tags: [String: String]

  /// By names, in the standard tier, without tags.
  public init(
    key: String? = nil, mayBeAdvanced: Bool = false, tags: [String: String] = [:],
    isSecret: @escaping @Sendable ([String]) -> Bool? = { _ in nil }
  ) {
    self.key = key
    self.mayBeAdvanced = mayBeAdvanced
    self.tags = tags
    self.isSecret = isSecret
  }
}

/// Dictionaries in Parameter Store: a parameter for each value, its name the prefix and the keys that lead to it. Any JSON
/// object goes in and comes out equal.
public struct Configuration: Sendable {
  /// Where it is kept.
  public let region: Region
  /// The single parameters.
  public let parameters: ParameterStore

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    parameters = ParameterStore(
      try ServiceClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies))
  }

  // MARK: Dictionaries

  /// The dictionary below a prefix, secrets in clear; empty where nothing is there.
  /// - Throws: ``ConfigurationFailure``, also where a parameter has others below it.
  public func dictionary(below prefix: String) async throws(ConfigurationFailure) -> [String: JSONTree] {
    if let flaw = ConfigurationPath.flaw(prefix: prefix) { throw .refused(flaw) }
    var tree: [String: JSONTree] = [:]
    for parameter in try await all(below: prefix).sorted(by: { $0.name < $1.name }) {
      let keys = parameter.name.dropFirst(prefix.count + 1).split(
        separator: "/", omittingEmptySubsequences: false
      ).map { ConfigurationPath.decode(String($0)) }
      guard Self.add(ConfigurationValue.decode(parameter.value), at: keys[...], to: &tree) else {
        throw .refused("\(parameter.name) is both a value and a path, or there twice: delete one of them")
      }
    }
    return tree
  }

  /// Makes the dictionary below a prefix this one: values that it has not are deleted, last. What stands as it should is
  /// not written again. Everything is checked before anything is written.
  /// - Returns: how many parameters were written and deleted.
  /// - Throws: ``ConfigurationFailure``.
  @discardableResult
  public func replace(
    below prefix: String, with dictionary: [String: JSONTree], _ options: ConfigurationOptions = .init()
  ) async throws(ConfigurationFailure) -> (written: Int, deleted: Int) {
    let wanted = try Self.parameters(of: dictionary, below: prefix, options)
    let there = try await all(below: prefix)
    let written = try await write(wanted, over: there)
    let names = Set(wanted.map(\.name))
    let old = there.map(\.name).filter { !names.contains($0) }
    try await delete(old)
    return (written, old.count)
  }

  /// Adds a dictionary's values to what is below a prefix; others stay.
  /// - Returns: how many parameters were written.
  /// - Throws: ``ConfigurationFailure``.
  @discardableResult
  public func merge(
    _ dictionary: [String: JSONTree], below prefix: String, _ options: ConfigurationOptions = .init()
  ) async throws(ConfigurationFailure) -> Int {
    let wanted = try Self.parameters(of: dictionary, below: prefix, options)
    return try await write(wanted, over: try await all(below: prefix))
  }

  /// Deletes everything below a prefix.
  /// - Returns: how many parameters there were.
  /// - Throws: ``ConfigurationFailure``.
  @discardableResult
  public func deleteAll(below prefix: String) async throws(ConfigurationFailure) -> Int {
    if let flaw = ConfigurationPath.flaw(prefix: prefix) { throw .refused(flaw) }
    let names = try await all(below: prefix).map(\.name)
    try await delete(names)
    return names.count
  }

  private func all(below prefix: String) async throws(ConfigurationFailure) -> [ParameterVersion] {
    do { return try await parameters.all(below: prefix, in: region) } catch { throw .call(error) }
  }

  private func delete(_ names: [String]) async throws(ConfigurationFailure) {
    do { _ = try await parameters.delete(names, in: region) } catch { throw .call(error) }
  }

  private func write(
    _ wanted: [NewParameter], over there: [ParameterVersion]
  ) async throws(ConfigurationFailure) -> Int {
    let known = Dictionary(there.map { ($0.name, $0) }) { first, _ in first }
    var written = 0
    for parameter in wanted {
      if let old = known[parameter.name], old.value == parameter.value, old.kind == parameter.kind.rawValue {
        continue
      }
      // A parameter's kind never changes, so one that has become a secret is made anew.
      if let old = known[parameter.name], old.kind != parameter.kind.rawValue { try await delete([old.name]) }
      do { _ = try await parameters.put(parameter, in: region) } catch { throw .init(error) }
      written += 1
    }
    return written
  }

  // MARK: Names

  /// False where a value is where the keys lead through, or where they lead to.
  private static func add(
    _ value: JSONTree, at keys: ArraySlice<String>, to tree: inout [String: JSONTree]
  ) -> Bool {
    guard let key = keys.first else { return false }
    let rest = keys.dropFirst()
    guard !rest.isEmpty else { return tree.updateValue(value, forKey: key) == nil }
    var inner: [String: JSONTree] = [:]
    switch tree[key] {
    case nil: break
    // An empty object is a value of its own, and nothing is below it.
    case .object(let members)? where !members.isEmpty: inner = members
    default: return false
    }
    guard add(value, at: rest, to: &inner) else { return false }
    tree[key] = .object(inner)
    return true
  }

  /// What is written for a dictionary.
  /// - Throws: ``ConfigurationFailure`` for the first that Parameter Store would not take.
  static func parameters(
    of dictionary: [String: JSONTree], below prefix: String, _ options: ConfigurationOptions
  ) throws(ConfigurationFailure) -> [NewParameter] {
    if let flaw = ConfigurationPath.flaw(prefix: prefix) { throw .refused(flaw) }
    var all: [NewParameter] = []
    collect(dictionary, prefix, [], options, &all)
    for parameter in all {
      if let flaw = parameter.flaw { throw .refused(flaw) }
      let levels = parameter.name.utf8.count { $0 == UInt8(ascii: "/") }
      guard levels <= ConfigurationPath.mostLevels else {
        throw .refused(
          "\(parameter.name.shown(bytes: 200)) has \(levels) parts; \(ConfigurationPath.mostLevels) are possible: put a dictionary into a list, which is one value"
        )
      }
      guard parameter.name.utf8.count <= ConfigurationPath.mostBytes else {
        throw .refused(
          "\(parameter.name.shown(bytes: 200)) is a name of \(parameter.name.utf8.count) bytes; \(ConfigurationPath.mostBytes) are possible"
        )
      }
    }
    return all
  }

  private static func collect(
    _ dictionary: [String: JSONTree], _ prefix: String, _ keys: [String], _ options: ConfigurationOptions,
    _ all: inout [NewParameter]
  ) {
    for (key, value) in dictionary.sorted(by: { $0.key < $1.key }) {
      let name = "\(prefix)/\(ConfigurationPath.encode(key))"
      let path = keys + [key]
      if case .object(let members) = value, !members.isEmpty {
        collect(members, name, path, options, &all)
      } else {
        let isSecret =
          options.isSecret(path) ?? (path.contains(where: SecretNames.isSecret) || value.holdsSecretNames)
        all.append(
          NewParameter(
            name, ConfigurationValue.encode(value), kind: isSecret ? .secureString : .string,
            key: options.key, mayBeAdvanced: options.mayBeAdvanced, tags: options.tags))
      }
    }
  }
}
