import AWSClient
import Groundwork

/// A profile of the shared files: keys, a role, single sign-on, or a process that knows.
struct ProfileSource: CredentialSource {
  private let name: String
  /// Whether somebody has asked for this profile: then it must be there.
  private let isWanted: Bool
  private let profiles: Profiles
  private let surroundings: ToolSurroundings

  init(_ name: String, isWanted: Bool, _ profiles: Profiles, _ surroundings: ToolSurroundings) {
    self.name = name
    self.isWanted = isWanted
    self.profiles = profiles
    self.surroundings = surroundings
  }

  var place: String { "the profile \"\(name)\" of \(profiles.places.joined(separator: " and "))" }

  func credentials() async throws(CredentialsError) -> TemporaryCredentials? {
    guard profiles[name] != nil else {
      guard isWanted else { return nil }
      let known =
        profiles.names.isEmpty ? "there is none" : "there are \(profiles.names.joined(separator: ", "))"
      throw CredentialsError(
        "there is no profile \"\(name.shown(bytes: 80))\" in \(profiles.places[0]); \(known)")
    }
    return try await credentials(of: name, after: [])
  }

  /// - Parameter before: the profiles that have led here.
  private func credentials(
    of name: String, after before: [String]
  ) async throws(CredentialsError) -> TemporaryCredentials? {
    guard let values = profiles[name] else {
      throw CredentialsError(
        "the profile \(before.last ?? "") has the source_profile \(name), which there is not")
    }
    // A profile may be its own source: then its keys are meant.
    if before.last == name, let keys = try keys(values, of: name) { return keys }
    guard !before.contains(name) else {
      throw CredentialsError(
        "the profiles \((before + [name]).joined(separator: " → ")) are each other's source")
    }
    if let arn = values["role_arn"] { return try await role(arn, values, of: name, after: before) }
    if let session = try SingleSignOn.Account(values, profiles, of: name) {
      return try await SingleSignOn(surroundings: surroundings).credentials(of: session)
    }
    if let keys = try keys(profiles.ofCredentialsFile(name), of: name) { return keys }
    if let command = values["credential_process"] { return try await process(command, of: name) }
    return try keys(values, of: name)
  }

  private func keys(
    _ values: [String: String], of name: String
  ) throws(CredentialsError) -> TemporaryCredentials? {
    guard let key = values["aws_access_key_id"] else { return nil }
    guard let secret = values["aws_secret_access_key"] else {
      throw CredentialsError("the profile \(name) has aws_access_key_id, but no aws_secret_access_key")
    }
    return TemporaryCredentials(
      credentials: Credentials(
        accessKeyID: key, secretAccessKey: secret, sessionToken: values["aws_session_token"]))
  }

  private func role(
    _ arn: String, _ values: [String: String], of name: String, after before: [String]
  ) async throws(CredentialsError) -> TemporaryCredentials {
    let role = Role(
      arn: arn, session: values["role_session_name"] ?? "sdwan", externalID: values["external_id"],
      duration: values["duration_seconds"].flatMap { Int($0) }, device: values["mfa_serial"])
    let region = surroundings.region(of: values)
    if let file = values["web_identity_token_file"] {
      return try await WebIdentitySource.assume(role, tokenFile: file, surroundings, in: region)
    }
    let source = try await source(of: values, name, before)
    let code = try await code(for: role, of: name)
    return try await TokenService(surroundings: surroundings, region: region).assumeRole(
      role, code: code, with: source.credentials)
  }

  /// What a role's request is signed with.
  private func source(
    of values: [String: String], _ name: String, _ before: [String]
  ) async throws(CredentialsError) -> TemporaryCredentials {
    if let profile = values["source_profile"] {
      guard let found = try await credentials(of: profile, after: before + [name]) else {
        throw CredentialsError("the profile \(profile), the source of \(name), has no credentials")
      }
      return found
    }
    let source: any CredentialSource
    switch values["credential_source"]?.lowercased() {
    case "environment": source = EnvironmentSource(surroundings: surroundings)
    case "ecscontainer": source = ContainerSource(surroundings: surroundings)
    case "ec2instancemetadata": source = InstanceSource(surroundings: surroundings)
    default:
      throw CredentialsError(
        "the profile \(name) has a role_arn, but neither source_profile nor a credential_source that is Environment, EcsContainer or Ec2InstanceMetadata"
      )
    }
    guard let found = try await source.credentials() else {
      throw CredentialsError("\(source.place), the source of the profile \(name), has no credentials")
    }
    return found
  }

  private func code(for role: Role, of name: String) async throws(CredentialsError) -> String? {
    guard let device = role.device else { return nil }
    guard let code = await surroundings.askForCode(device) else {
      throw CredentialsError(
        "the profile \(name) wants a code of the MFA device \(device), and nobody can be asked")
    }
    return code
  }

  private func process(
    _ command: String, of name: String
  ) async throws(CredentialsError) -> TemporaryCredentials {
    let end = await surroundings.run(command)
    guard end.status == 0 else {
      throw CredentialsError(
        "the credential_process of the profile \(name) ended with status \(end.status): \(end.complaint.oneLine(limit: 300))"
      )
    }
    guard let answer = CredentialAnswer.read(end.output), answer.version == 1 else {
      throw CredentialsError(
        "the credential_process of the profile \(name) printed no credentials (JSON with Version 1, AccessKeyId and SecretAccessKey)"
      )
    }
    return answer.credentials
  }
}
