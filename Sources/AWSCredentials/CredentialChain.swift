import AWSClient
import Groundwork
import Synchronization

/// Finds credentials where the AWS SDKs do, in their order: the environment, a web identity, a profile of the shared files, the
/// container, the instance. The first that is set up counts, also where it fails: somebody who has set it up wants no
/// other's.
public final class CredentialChain: Sendable {
  /// Before their end credentials are fetched anew.
  private static let margin = Duration.seconds(300)

  private let sources: [any CredentialSource]
  private let clock: Clock
  private let known = Mutex<Found?>(nil)

  private struct Found {
    var credentials: TemporaryCredentials
    var place: String
  }

  /// - Parameter profile: the user's own choice, which comes before everything of the environment; nil for AWS_PROFILE, else
  ///   `default`.
  public init(_ surroundings: ToolSurroundings, profile: String? = nil) {
    let name = profile ?? surroundings.environment("AWS_PROFILE") ?? "default"
    let isWanted = profile != nil || surroundings.environment("AWS_PROFILE") != nil
    let ofEnvironment: [any CredentialSource] =
      profile == nil ? [EnvironmentSource(surroundings: surroundings), WebIdentitySource(surroundings)] : []
    let ofProfile = ProfileSource(name, isWanted: isWanted, Profiles(surroundings), surroundings)
    let ofHost: [any CredentialSource] = [
      ContainerSource(surroundings: surroundings), InstanceSource(surroundings: surroundings),
    ]
    sources = ofEnvironment + [ofProfile] + ofHost
    clock = surroundings.clock
  }

  /// The credentials, fetched anew where they are about to end.
  /// - Throws: ``AWSError/credentials(_:)`` with what to do.
  public func credentials() async throws(AWSError) -> Credentials {
    try await found().credentials.credentials
  }

  /// Where the credentials come from, in words.
  /// - Throws: ``AWSError/credentials(_:)`` with what to do.
  public func origin() async throws(AWSError) -> String { try await found().place }

  private func found() async throws(AWSError) -> Found {
    if let known = known.withLock({ $0 }), isGood(known.credentials) { return known }
    do throws(CredentialsError) {
      for source in sources {
        guard let credentials = try await source.credentials() else { continue }
        let found = Found(credentials: credentials, place: source.place)
        known.withLock { $0 = found }
        return found
      }
    } catch {
      throw .credentials(error)
    }
    let places = sources.map(\.place).joined(separator: ", ")
    throw .credentials(
      CredentialsError(
        "there are no credentials: not in \(places); \"aws configure\" or \"aws sso login\" sets some up"))
  }

  private func isGood(_ credentials: TemporaryCredentials) -> Bool {
    credentials.expiration.map { clock.wall() + Self.margin < $0 } ?? true
  }
}
