import Groundwork
import SSMKit

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
    try fields.requireOnly(["document", "parameters", "instances", "timeout", "required"])
    let document = try fields.text("document", HostCommand.allowedName, HostCommand.isName)
    let wanted = "an object whose values are lists of texts, by names of 1 to 200 letters, digits, _ . and -"
    let parameters: [String: [String]] = try fields.value("parameters", wanted) ?? [:]
    if let name = parameters.keys.sorted().first(where: { !HostCommand.isParameter($0) }) {
      throw Failure.input("\(fields.place).parameters has \"\(name.shown(bytes: 40))\"; it must be \(wanted)")
    }
    command = HostCommand(
      document: document, parameters: parameters, instances: try Self.instances(fields))
    timeout = try fields.number("timeout", 1...FleetSettings.longestTimeout)
    isRequired = try fields.value("required", "true or false")
  }

  /// Instances that one may name: as many as SendCommand takes at once.
  private static let mostInstances = 50

  private static func instances(_ fields: WaveFields) throws(Failure) -> [InstanceID]? {
    let wanted = "a list of 1 to \(mostInstances) distinct instances' ids like i-0123456789abcdef0"
    guard let texts: [String] = try fields.value("instances", wanted) else { return nil }
    let instances = texts.compactMap { InstanceID($0) }
    guard instances.count == texts.count, Set(texts).count == texts.count,
      (1...mostInstances).contains(texts.count)
    else { throw .input("\(fields.place).instances must be \(wanted)") }
    return instances
  }
}
