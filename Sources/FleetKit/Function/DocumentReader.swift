import AWSClient
import Groundwork
import Synchronization

/// Where a document comes from: a variable of the environment itself, or an object in S3 where it is too large for that.
public enum DocumentSource<Value: Sendable>: Sendable {
  case known(Value)
  case object(ObjectURI)
}

extension DocumentSource: Equatable where Value: Equatable {}

/// Reads a document, once for each version of it.
public final class DocumentReader<Value: Sendable>: Sendable {
  /// What the document is, and where its place stands, for messages.
  public struct Kind: Sendable {
    let name: String
    let variable: String
    let maximumSize: Int

    /// - Parameters:
    ///   - name: e.g. `topology`.
    ///   - variable: e.g. `SDWAN_TOPOLOGY`.
    ///   - maximumSize: in bytes.
    public init(_ name: String, in variable: String, maximumSize: Int) {
      self.name = name
      self.variable = variable
      self.maximumSize = maximumSize
    }
  }

  private let kind: Kind
  private let source: DocumentSource<Value>
  private let objects: ObjectStore
  private let parse: @Sendable ([UInt8]) throws -> Value
  private let known = Mutex<Value?>(nil)

  /// - Parameter parse: makes the document of an object's bytes; what it throws says what is wrong with them.
  public init(
    _ kind: Kind, _ source: DocumentSource<Value>, _ objects: ObjectStore,
    parse: @escaping @Sendable ([UInt8]) throws -> Value
  ) {
    self.kind = kind
    self.source = source
    self.objects = objects
    self.parse = parse
  }

  /// The document.
  /// - Throws: ``Failure`` when the object can't be read (`AWS.…`) or is none (`Configuration.Invalid`).
  public func value(latest: Deadline) async throws(Failure) -> Value {
    switch source {
    case .known(let value): return value
    case .object(let object):
      if let value = known.withLock({ $0 }) { return value }
      let value = try await read(object, latest)
      // A version never changes; what has none may be another the next time.
      if object.versionID != nil { known.withLock { $0 = value } }
      return value
    }
  }

  private func read(_ object: ObjectURI, _ latest: Deadline) async throws(Failure) -> Value {
    let bytes: [UInt8]
    do throws(FailedCall) {
      bytes = try await objects.get(object, maximumSize: kind.maximumSize, latest: latest)
    } catch {
      throw Failure(
        type: error.error.type,
        message: "the \(kind.name) \(object) (\(kind.variable)) can't be read: \(error.error)")
    }
    do {
      return try parse(bytes)
    } catch {
      throw Failure(
        type: "Configuration.Invalid",
        message: "the object \(object) (\(kind.variable)) is no \(kind.name): \(Self.words(error))")
    }
  }

  private static func words(_ error: any Error) -> String { (error as? Failure)?.message ?? "\(error)" }
}
