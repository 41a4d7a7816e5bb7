import AWSClient
import Groundwork

/// The profiles of `~/.aws/config` and `~/.aws/credentials`, or of the files that AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name. Where both have a value, the second counts.
public struct Profiles: Sendable {
  private let config: ConfigurationFile
  private let secrets: ConfigurationFile
  /// Where they were looked for.
  public let places: [String]

  /// Reads the files; one that there is not is an empty one.
  public init(_ surroundings: ToolSurroundings) {
    let home = surroundings.environment("HOME") ?? ""
    let expanded = { (path: String) in path.hasPrefix("~/") ? home + path.dropFirst() : path }
    let read = { (variable: String, usual: String) in
      let path = expanded(surroundings.environment(variable) ?? usual)
      return (path, ConfigurationFile(String(decoding: surroundings.read(path) ?? [], as: UTF8.self)))
    }
    let (configPath, config) = read("AWS_CONFIG_FILE", "~/.aws/config")
    let (secretsPath, secrets) = read("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    self.config = config
    self.secrets = secrets
    places = [configPath, secretsPath]
  }

  /// The names that there are.
  public var names: [String] {
    let ofConfig = config.sections.keys.compactMap { header in
      header == "default" ? header : header.hasPrefix("profile ") ? String(header.dropFirst(8)) : nil
    }
    return Set(ofConfig + secrets.sections.keys).sorted()
  }

  /// A profile's values; nil where there is no such profile.
  public subscript(name: String) -> [String: String]? {
    let ofConfig = config.sections["profile \(name)"] ?? (name == "default" ? config.sections[name] : nil)
    let ofSecrets = secrets.sections[name]
    guard ofConfig != nil || ofSecrets != nil else { return nil }
    return (ofConfig?.values ?? [:]).merging(ofSecrets?.values ?? [:]) { $1 }
  }

  /// What the credentials' own file alone says of a profile.
  func ofCredentialsFile(_ name: String) -> [String: String] { secrets.sections[name]?.values ?? [:] }

  /// An `[sso-session …]`'s values.
  func singleSignOnSession(_ name: String) -> [String: String]? {
    config.sections["sso-session \(name)"]?.values
  }

  /// The endpoint that a profile names for a service, or for all; nil for none.
  /// - Parameter service: the SDKs' id, in lower case with underscores, e.g. `cloudwatch_logs`.
  public func endpoint(of service: String, in profile: String) -> String? {
    guard let values = self[profile] else { return nil }
    let ofServices = values["services"].flatMap { config.sections["services \($0)"] }
    return ofServices?.nested[service]?["endpoint_url"] ?? values["endpoint_url"]
  }
}
