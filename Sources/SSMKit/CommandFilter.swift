import Groundwork

/// What a list of commands or of their invocations is narrowed by.
struct CommandFilter: Encodable, Sendable {
  let key: String
  let value: String

  /// A status of a command, e.g. `InProgress`.
  static func status(_ status: String) -> CommandFilter { CommandFilter(key: "Status", value: status) }

  /// Sent at a moment or later, by the service's clock.
  static func invoked(after moment: UnixTime) -> CommandFilter {
    CommandFilter(key: "InvokedAfter", value: moment.utc.toTheSecond)
  }
}
