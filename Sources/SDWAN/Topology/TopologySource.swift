import AWSClient
import Groundwork
import SSMKit
import Synchronization

/// Where the topology comes from: the environment itself, or an object in S3 where it is too large for that.
public enum TopologySource: Sendable, Equatable {
  case known(Topology)
  case object(ObjectURI)

  /// - Parameter text: `SDWAN_TOPOLOGY`: JSON or an `s3://` URI; nil for the network of four.
  /// - Throws: ``TopologyError`` when the JSON is no topology.
  init(_ text: String?) throws(TopologyError) {
    if let text, let object = ObjectURI(text) {
      self = .object(object)
    } else if let text {
      self = .known(try Topology(json: Array(text.utf8)))
    } else {
      self = .known(try .standard())
    }
  }
}

/// Reads the topology, once for each version of it.
final class TopologyReader: Sendable {
  private let source: TopologySource
  private let objects: ObjectStore
  private let known = Mutex<Topology?>(nil)

  init(_ source: TopologySource, _ objects: ObjectStore) {
    self.source = source
    self.objects = objects
    if case .known(let topology) = source { known.withLock { $0 = topology } }
  }

  /// - Throws: ``Failure`` when the object can't be read (`AWS.…`) or is no topology
  ///   (`Configuration.Invalid`).
  func topology(latest: Deadline) async throws(Failure) -> Topology {
    if let topology = known.withLock({ $0 }) { return topology }
    guard case .object(let object) = source else {
      throw Failure(type: "Configuration.Invalid", message: "SDWAN_TOPOLOGY holds no topology")
    }
    let topology = try await read(object, latest)
    // A version never changes; what has none may be another the next time.
    if object.versionID != nil { known.withLock { $0 = topology } }
    return topology
  }

  private func read(_ object: ObjectURI, _ latest: Deadline) async throws(Failure) -> Topology {
    let bytes: [UInt8]
    do throws(FailedCall) {
      bytes = try await objects.get(object, maximumSize: Topology.maximumSize, latest: latest)
    } catch {
      throw Failure(
        type: error.error.type,
        message: "the topology \(object) (SDWAN_TOPOLOGY) can't be read: \(error.error)")
    }
    do {
      return try Topology(json: bytes)
    } catch {
      throw Failure(
        type: "Configuration.Invalid",
        message: "the object \(object) (SDWAN_TOPOLOGY) is no topology: \(error.description)")
    }
  }
}
