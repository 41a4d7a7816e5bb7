import Groundwork

/// A wave as an operator or Terraform gives it, each field checked by itself.
struct GivenWave: Decodable, Sendable {
  /// What is done when the wave fails.
  enum OnFailure: String, Sendable, CaseIterable, Codable { case stop, `continue`, rollback }

  /// Where it stands, for messages.
  let place: String
  let name: String
  /// Names by field: those that say which items the wave has.
  let named: [String: [String]]
  /// Whether the wave has everything that no other one names.
  let isRest: Bool
  let dependsOn: [String]
  let pauseBefore: Bool
  let onFailure: OnFailure?
  let maxErrors: MaxErrors?
  let maxConcurrency: Int?
  let before: [WaveCommand]
  let after: [WaveCommand]

  /// What every wave has beside the fields that name items.
  static let fields = [
    "name", "rest", "dependsOn", "pauseBefore", "maxConcurrency", "maxErrors", "onFailure", "preCommands",
    "postCommands",
  ]

  init(from decoder: any Decoder) throws {
    let fields = try WaveFields(decoder)
    name = try fields.text(
      "name", "up to 40 lower-case letters, digits and hyphens, and not begin with a hyphen", Self.isName)
    place = "\(fields.place) (\(name))"
    isRest = try fields.value("rest", "true or false") ?? false
    dependsOn = try fields.value("dependsOn", "a list of waves' names") ?? []
    pauseBefore = try fields.value("pauseBefore", "true or false") ?? false
    onFailure = try fields.value(
      "onFailure", "one of: \(OnFailure.allCases.map(\.rawValue).joined(separator: ", "))")
    maxErrors = try fields.value("maxErrors", MaxErrors.allowed)
    maxConcurrency = try fields.number("maxConcurrency", 1...1000)
    before = try Self.commands("preCommands", fields)
    after = try Self.commands("postCommands", fields)
    var named: [String: [String]] = [:]
    for field in fields.names where !Self.fields.contains(field) {
      named[field] = try fields.value(Word(field), "a list of names")
    }
    self.named = named
  }

  private static func commands(_ field: Word, _ fields: WaveFields) throws(Failure) -> [WaveCommand] {
    let commands: [WaveCommand] = try fields.value(field, "a list of commands") ?? []
    guard commands.count <= WaveCommand.most else {
      throw .input(
        "\(fields.place).\(field.stringValue) has \(commands.count) commands; \(WaveCommand.most) are possible"
      )
    }
    return commands
  }

  private static func isName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && !text.hasPrefix("-")
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
      }
  }
}
