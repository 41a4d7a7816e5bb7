import AWSClient
import Groundwork

/// A parameter that is to be written.
public struct NewParameter: Sendable, Equatable {
  /// How a value is kept.
  public enum Kind: String, Sendable {
    case string = "String"
    case stringList = "StringList"
    /// Encrypted by KMS.
    case secureString = "SecureString"
  }

  /// The longest value of the standard tier, in bytes.
  public static let mostStandardBytes = 4096
  /// The longest value that there is.
  public static let mostBytes = 8192

  /// Its full name.
  public var name: String
  /// Its value.
  public var value: String
  /// How it is kept; a parameter's never changes.
  public var kind: Kind
  /// The KMS key of a secret; nil for the account's own.
  public var key: String?
  /// Whether a value above 4 KB may go to the advanced tier, which costs money.
  public var mayBeAdvanced: Bool
  /// What it is tagged with where it is made; those of one that there is stay.
  public var tags: [String: String]

  /// A parameter.
  public init(
    _ name: String, _ value: String, kind: Kind = .string, key: String? = nil, mayBeAdvanced: Bool = false,
    tags: [String: String] = [:]
  ) {
    self.name = name
    self.value = value
    self.kind = kind
    self.key = key
    self.mayBeAdvanced = mayBeAdvanced
    self.tags = tags
  }

  /// Why Parameter Store would not take it; nil where it would. The value is not told.
  public var flaw: String? {
    if value.isEmpty { return "\(name) has no value; Parameter Store keeps no empty text" }
    if value.contains("{{") {
      return "\(name) has {{ in its value, which Parameter Store takes for a reference"
    }
    let bytes = value.utf8.count
    if bytes > Self.mostBytes {
      return "\(name) has \(bytes) bytes; \(Self.mostBytes) are possible"
    }
    if bytes > Self.mostStandardBytes, !mayBeAdvanced {
      return
        "\(name) has \(bytes) bytes; above \(Self.mostStandardBytes) it needs the advanced tier, which costs money and has to be asked for"
    }
    return nil
  }
}

/// Why parameters were not changed.
public enum ParameterFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call itself failed.
  case call(FailedCall)
  /// It would not be taken; nothing was sent. In words.
  case refused(String)

  /// In words.
  public var description: String {
    switch self {
    case .call(let call): "\(call.error)"
    case .refused(let reason): reason
    }
  }
}

/// A version of a parameter.
public struct ParameterVersion: Sendable, Equatable {
  /// Its full name.
  public var name: String
  /// Its value; a secret's is in clear where that was asked for.
  public var value: String
  /// From 1 on.
  public var version: Int
  /// Names that were given to this version.
  public var labels: [String]
  /// `String`, `StringList` or `SecureString`.
  public var kind: String
}

extension ParameterStore {
  /// Names that one call deletes.
  static let mostDeleted = 10

  /// Writes a parameter. Tags go along only where it is made: Parameter Store refuses them for one that there is.
  /// - Returns: its version.
  /// - Throws: ``ParameterFailure``, e.g. of a call with the code `HierarchyTypeMismatch`.
  public func put(_ parameter: NewParameter, in region: Region) async throws(ParameterFailure) -> Int {
    if let flaw = parameter.flaw { throw .refused(flaw) }
    var input = PutParameter.Input(parameter)
    do throws(FailedCall) {
      if !parameter.tags.isEmpty {
        do throws(FailedCall) { return try await write(input, region) } catch {
          guard error.error.code == "ParameterAlreadyExists" else { throw error }
        }
        input.Tags = nil
      }
      input.Overwrite = true
      do throws(FailedCall) { return try await write(input, region) } catch {
        // One that is advanced never becomes standard again, however short its value is.
        guard case .service(let refusal) = error.error, refusal.code == "ValidationException",
          refusal.message.contains("advanced-parameter tier"), input.Tier != "Advanced"
        else { throw error }
        input.Tier = "Advanced"
        return try await write(input, region)
      }
    } catch {
      throw .call(error)
    }
  }

  private func write(_ input: PutParameter.Input, _ region: Region) async throws(FailedCall) -> Int {
    let output: PutParameter.Output = try await client.call("PutParameter", region: region, input)
    return output.Version
  }

  /// Deletes parameters, ten a call.
  /// - Returns: those that there were not.
  /// - Throws: ``FailedCall``.
  public func delete(_ names: [String], in region: Region) async throws(FailedCall) -> [String] {
    struct Input: Encodable, Sendable { var Names: [String] }
    struct Output: Decodable, Sendable { var InvalidParameters: [String]? }
    var missing: [String] = []
    for start in stride(from: 0, to: names.count, by: Self.mostDeleted) {
      let part = Array(names[start..<min(start + Self.mostDeleted, names.count)])
      let output: Output = try await client.call("DeleteParameters", region: region, Input(Names: part))
      missing += output.InvalidParameters ?? []
    }
    return missing
  }

  /// One parameter, secrets in clear.
  /// - Parameter selector: a version's number or a label; nil for the newest.
  /// - Throws: ``FailedCall``, e.g. with the codes `ParameterNotFound` and `ParameterVersionNotFound`.
  public func get(
    _ name: String, selector: String? = nil, in region: Region
  ) async throws(FailedCall) -> ParameterVersion {
    struct Input: Encodable, Sendable { var Name: String, WithDecryption: Bool }
    struct Output: Decodable, Sendable { var Parameter: ToldParameter }
    let output: Output = try await client.call(
      "GetParameter", region: region,
      Input(Name: selector.map { "\(name):\($0)" } ?? name, WithDecryption: true))
    return output.Parameter.version
  }

  /// All parameters below a path, of all pages, secrets in clear.
  /// - Throws: ``FailedCall``.
  public func all(below path: String, in region: Region) async throws(FailedCall) -> [ParameterVersion] {
    struct Input: Encodable, Sendable {
      var Path: String, NextToken: String?, Recursive: Bool, WithDecryption: Bool, MaxResults: Int
    }
    struct Output: Decodable, Sendable {
      var Parameters: [ToldParameter]
      var NextToken: String?
    }
    var all: [ParameterVersion] = []
    var token: String?
    repeat {
      let page: Output = try await client.call(
        "GetParametersByPath", region: region,
        Input(
          Path: path, NextToken: token, Recursive: true, WithDecryption: true, MaxResults: Self.pageSize))
      all += page.Parameters.map(\.version)
      token = nextPage(page.NextToken, after: token)
    } while token != nil
    return all
  }

  /// The versions of a parameter, the oldest first, secrets in clear. Parameter Store keeps the last hundred.
  /// - Throws: ``FailedCall``, e.g. with the code `ParameterNotFound`.
  public func versions(of name: String, in region: Region) async throws(FailedCall) -> [ParameterVersion] {
    struct Input: Encodable, Sendable { var Name: String, WithDecryption: Bool, NextToken: String? }
    struct Output: Decodable, Sendable {
      var Parameters: [ToldParameter]
      var NextToken: String?
    }
    var all: [ParameterVersion] = []
    var token: String?
    repeat {
      let page: Output = try await client.call(
        "GetParameterHistory", region: region, Input(Name: name, WithDecryption: true, NextToken: token))
      all += page.Parameters.map(\.version)
      token = nextPage(page.NextToken, after: token)
    } while token != nil
    return all
  }

  /// Gives a version names of its own; a name that another version of the parameter has moves.
  /// - Parameter version: nil for the newest.
  /// - Throws: ``ParameterFailure``: the names that Parameter Store would not give are in it.
  public func label(
    _ name: String, version: Int? = nil, _ labels: [String], in region: Region
  ) async throws(ParameterFailure) {
    struct Input: Encodable, Sendable { var Name: String, ParameterVersion: Int?, Labels: [String] }
    struct Output: Decodable, Sendable { var InvalidLabels: [String]? }
    let output: Output
    do {
      output = try await client.call(
        "LabelParameterVersion", region: region,
        Input(Name: name, ParameterVersion: version, Labels: labels))
    } catch {
      throw .call(error)
    }
    if let invalid = output.InvalidLabels, !invalid.isEmpty {
      throw .refused("\(name): no labels: \(invalid.joined(separator: ", ").oneLine(limit: 300))")
    }
  }
}

private enum PutParameter {
  struct Input: Encodable, Sendable {
    struct Tag: Encodable, Sendable { var Key: String, Value: String }
    var Name: String, Value: String
    var `Type`: String
    var KeyId: String?, Tier: String, Overwrite: Bool, Tags: [Tag]?

    init(_ parameter: NewParameter) {
      Name = parameter.name
      Value = parameter.value
      self.Type = parameter.kind.rawValue
      KeyId = parameter.kind == .secureString ? parameter.key : nil
      Tier = parameter.value.utf8.count > NewParameter.mostStandardBytes ? "Advanced" : "Standard"
      Overwrite = false
      let tags = parameter.tags.sorted { $0.key < $1.key }.map { Tag(Key: $0.key, Value: $0.value) }
      Tags = tags.isEmpty ? nil : tags
    }
  }

  struct Output: Decodable, Sendable { var Version: Int }
}

private struct ToldParameter: Decodable, Sendable {
  var Name: String, Value: String
  var `Type`: String?
  var Version: Int?, Labels: [String]?

  var version: ParameterVersion {
    ParameterVersion(
      name: Name, value: Value, version: Version ?? 0, labels: Labels ?? [], kind: self.Type ?? "")
  }
}
