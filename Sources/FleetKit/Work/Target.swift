import AWSClient
import SSMKit

/// One of a fleet, by the name that events, answers and people use.
public struct Target: Sendable, Hashable {
  /// Where commands for it go.
  public struct Place: Sendable, Hashable {
    /// The instance that runs them.
    public var instanceID: InstanceID
    /// The instance's own.
    public var region: Region
  }

  /// Its name, which no other has.
  public let name: String
  private let found: Result<Place, Obstacle>

  /// A target whose instance is known.
  public init(_ name: String, _ instanceID: InstanceID, in region: Region) {
    self.name = name
    found = .success(Place(instanceID: instanceID, region: region))
  }

  /// A target that nothing can be sent to, and why.
  public init(_ name: String, _ obstacle: Obstacle) {
    self.name = name
    found = .failure(obstacle)
  }

  /// Where commands go.
  /// - Throws: ``Obstacle`` where nobody knows.
  public func place() throws(Obstacle) -> Place { try found.get() }
}
