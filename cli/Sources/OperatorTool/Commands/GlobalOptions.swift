import ArgumentParser

/// What every command has.
struct GlobalOptions: ParsableArguments, Sendable {
  @Option(help: "A profile of the AWS configuration (default: AWS_PROFILE, else \"default\").")
  var profile: String?

  @Option(help: "The deployment's home region (default: AWS_REGION, the profile's, else us-east-1).")
  var region: String?

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp(
      "The deployment's name (default: that of its root: sdwan, recovery, upgrade, shared-files).",
      valueName: "name"))
  var givenName: String?

  @Option(help: "\"local\" for a kept local run, or the URL of all services.")
  var endpoint: String?

  @Option(help: "What goes to stdout: text, or JSON with \"schema\": 1.")
  var output = Output.text

  @Option(help: "Colours: auto, always or never (NO_COLOR and CLICOLOR_FORCE count too).")
  var color = ColorChoice.auto

  @Option(help: "Width of the screen, where it is not to be measured.")
  var columns: Int?

  @Option(help: "Seconds after which to give up waiting.")
  var timeout: Int?

  @Flag(name: .shortAndLong, help: "The verdict only.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "More: ids, times, what was asked.")
  var verbose = false

  /// What the deployment is called where nobody says otherwise.
  var usualName = Verbs.usualName

  /// The deployment's name.
  var name: String { givenName ?? usualName }

  /// How commands for the deployment are typed.
  var verbs: Verbs { Verbs(of: name, usually: usualName) }

  private enum CodingKeys: String, CodingKey {
    case profile, region, givenName, endpoint, output, color, columns, timeout, quiet, verbose
  }

  /// These for another system.
  func of(_ usualName: String) -> GlobalOptions {
    var options = self
    options.usualName = usualName
    return options
  }

  enum Output: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }
  enum ColorChoice: String, ExpressibleByArgument, CaseIterable, Sendable { case auto, always, never }

  func validate() throws {
    if let columns, columns < 20 { throw ValidationError("--columns is a number from 20 on, not \(columns)") }
    if let timeout, timeout < 1 {
      throw ValidationError("--timeout is a number of seconds from 1 on, not \(timeout)")
    }
  }
}
