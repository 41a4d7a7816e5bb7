/// What a work has measured, for CloudWatch.
public struct Measurement: Sendable, Equatable {
  /// In CloudWatch's words.
  public enum Unit: String, Sendable {
    case count = "Count"
    case percent = "Percent"
    case milliseconds = "Milliseconds"
  }

  /// One of its numbers.
  public struct Metric: Sendable, Equatable {
    /// E.g. `TunnelUp`.
    public var name: String
    /// Of the value.
    public var unit: Unit
    /// What was measured.
    public var value: Double

    /// A number.
    public init(_ name: String, _ unit: Unit, _ value: Double) {
      self.name = name
      self.unit = unit
      self.value = value
    }
  }

  /// Which kind of thing was measured, e.g. `Tunnel`, and which one of them; nil for the whole fleet.
  public var subject: Subject?
  /// 100 at most.
  public var metrics: [Metric]

  /// What was measured.
  public struct Subject: Sendable, Equatable {
    /// The dimension's name.
    public var kind: String
    /// The dimension's value.
    public var name: String

    /// A thing.
    public init(_ kind: String, _ name: String) {
      self.kind = kind
      self.name = name
    }
  }

  /// Numbers about a thing.
  public init(_ subject: Subject?, _ metrics: [Metric]) {
    self.subject = subject
    self.metrics = metrics
  }
}
