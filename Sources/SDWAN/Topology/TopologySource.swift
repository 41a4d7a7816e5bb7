import AWSClient
import FleetKit

/// Where the topology comes from: the environment itself, or an object in S3 where it is too large for that.
typealias TopologySource = DocumentSource<Topology>

extension TopologySource {
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
