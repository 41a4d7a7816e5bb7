import AWSClient
import Groundwork

/// What the environment says about a function of a fleet.
public struct FleetSettings: Sendable {
  /// The longest that Run Command lets a script run, in seconds.
  static let longestTimeout = 172_800

  /// The deployment's name, for the metrics of several in one account (`…_NAME`); nil where nobody has named it.
  public var name: DeploymentName?
  /// How long a command may run (`SSM_TIMEOUT`).
  public var timeout: Duration
  /// The longest pause between polls (`SSM_POLL_INTERVAL`).
  public var pollInterval: Duration
  /// For how long a host that is not online yet is waited for, where the work waits for hosts (`…_ONLINE_TIMEOUT`).
  public var onlineTimeout: Duration
  /// The region of the function itself, and of the buckets that it uses (`AWS_REGION`).
  public var region: Region
  /// Where results go that do not fit into an answer; nil for nowhere (`…_RESULTS`).
  public var results: ObjectURI?
  /// The waves of a rollout that brings none (`…_WAVES`).
  let waves: DocumentSource<[GivenWave]>
  /// The invocation's log stream, for results that refer to it.
  var log: LogReference?

  /// - Throws: ``ConfigurationError`` that names the variable, its value and what is allowed.
  init(
    _ vocabulary: Vocabulary, standardTimeout: Duration, environment: @escaping Environment
  ) throws(ConfigurationError) {
    let read = Variables(environment)
    let naming = "\(vocabulary.variables)_NAME"
    if environment(naming) != nil { name = try read(naming, DeploymentName.allowed) { DeploymentName($0) } }
    timeout = try read.seconds("SSM_TIMEOUT", or: standardTimeout, whole: 1...Self.longestTimeout)
    pollInterval = try read.seconds(
      "SSM_POLL_INTERVAL", or: .seconds(15), 0.001...900, "seconds from 0.001 to 900, fractions allowed")
    onlineTimeout = try read.seconds(
      "\(vocabulary.variables)_ONLINE_TIMEOUT", or: .seconds(15), 0...600, "seconds from 0 to 600")
    region = try read("AWS_REGION", or: .virginia, "a region like us-east-1") { Region($0) }
    let variable = "\(vocabulary.variables)_RESULTS"
    if environment(variable) != nil {
      results = try read(variable, "an s3://bucket/prefix URI") { ObjectURI($0) }
    }
    waves = try Self.waves("\(vocabulary.variables)_WAVES", environment)
    if let group = environment("AWS_LAMBDA_LOG_GROUP_NAME"),
      let stream = environment("AWS_LAMBDA_LOG_STREAM_NAME")
    {
      log = LogReference(group: group, stream: stream)
    }
  }
  private static func waves(
    _ variable: String, _ environment: Environment
  ) throws(ConfigurationError) -> DocumentSource<[GivenWave]> {
    do throws(Failure) {
      return try StandardWaves.source(environment(variable))
    } catch {
      throw ConfigurationError(
        variable, value: environment(variable),
        allowed: "a list of waves as JSON or an s3://bucket/key URI, but: \(error.message)")
    }
  }
}
