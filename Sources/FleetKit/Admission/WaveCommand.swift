import Groundwork

/// A document that runs on a wave's hosts before its first step, or after its last.
struct WaveCommand: Decodable, Sendable {
  /// Before a wave, and as many after it.
  static let most = 10
  /// How long one may take that does not say, in seconds.
  static let standardTimeout = 600

  let command: HostCommand
  /// In seconds.
  let timeout: Int?
  let isRequired: Bool?

  init(from decoder: any Decoder) throws {
    let fields = try WaveFields(decoder)
    try fields.requireOnly(["document", "parameters", "timeout", "required"])
    let document = try fields.text("document", HostCommand.allowedName, HostCommand.isName)
    let wanted = "an object whose values are lists of texts, by names of 1 to 200 letters, digits, _ . and -"
    let parameters: [String: [String]] = try fields.value("parameters", wanted) ?? [:]
    if let name = parameters.keys.sorted().first(where: { !HostCommand.isParameter($0) }) {
      throw Failure.input("\(fields.place).parameters has \"\(name.shown(bytes: 40))\"; it must be \(wanted)")
    }
    command = HostCommand(document: document, parameters: parameters)
    timeout = try fields.number("timeout", 1...FleetSettings.longestTimeout)
    isRequired = try fields.value("required", "true or false")
  }
}
