import SSMKit

/// What the environment says about a phase.
package struct PhaseSettings: Sendable {
  /// Where the router's image lies.
  struct Image: Sendable, Equatable {
    var bucket: String
    var key: String
    var region: Region
    /// Lower-case hexadecimal; empty where the image is not checked.
    var sha256: String
  }

  /// The longest that Run Command lets a script run, in seconds.
  static let longestTimeout = 172_800

  var phase: Phase
  var prefix: ParameterPrefix
  var regions: [Region]
  var topology: TopologySource
  var version: VyOSVersion
  /// Seconds that a script may run.
  var timeout: Int
  /// Longest pause between polls, in seconds.
  var pollInterval: Double
  /// Seconds for which phase 3 looks again at a state that may still come up.
  var verifyTimeout: Double
  /// Phase 1 alone has it.
  var image: Image?
  /// What phase 1 does with an existing router where the event does not say.
  var recreate: Recreate
  /// Seconds for which phase 1 waits for an instance to come online in Systems Manager.
  var onlineTimeout: Double
  /// The region of the function itself, and of the buckets that it uses.
  var ownRegion: Region
  /// Where results go that do not fit into an answer; nil for nowhere.
  var results: ObjectURI?
  /// The invocation's log stream, for results that refer to it.
  var log: LogReference?

  /// - Throws: ``ConfigurationError`` that names the variable, its value and what is allowed.
  package init(_ phase: Phase, environment: @escaping Environment) throws(ConfigurationError) {
    let read = Reader(environment: environment)
    self.phase = phase
    prefix = try read("SSM_PARAM_PREFIX", or: .standard, "a path like /sdwan/") { ParameterPrefix($0) }
    regions = try read("SDWAN_REGIONS", or: [.virginia, .frankfurt], "different regions parted by commas") {
      Self.regions($0)
    }
    version = try read("VYOS_VERSION", or: .v1_3, "1.3, 1.4 or 1.5") { VyOSVersion(rawValue: $0) }
    timeout = try read(
      "SSM_TIMEOUT", or: phase.standardTimeout, "whole seconds from 1 to \(Self.longestTimeout)"
    ) {
      Int($0).flatMap { (1...Self.longestTimeout).contains($0) ? $0 : nil }
    }
    pollInterval = try read("SSM_POLL_INTERVAL", or: 15, "seconds from 0.001 to 900, fractions allowed") {
      Double($0).flatMap { (0.001...900).contains($0) ? $0 : nil }
    }
    verifyTimeout = try read("SDWAN_VERIFY_TIMEOUT", or: 60, "seconds from 0 to 3600") {
      Double($0).flatMap { (0...3600).contains($0) ? $0 : nil }
    }
    recreate = try read("SDWAN_RECREATE", or: .changed, "always, changed or never") { Recreate(rawValue: $0) }
    onlineTimeout = try read("SDWAN_ONLINE_TIMEOUT", or: 15, "seconds from 0 to 600") {
      Double($0).flatMap { (0...600).contains($0) ? $0 : nil }
    }
    topology = try Self.topology(environment)
    image = phase == .phase1 ? try Self.image(read) : nil
    ownRegion = try read("AWS_REGION", or: .virginia, "a region like us-east-1") { Region($0) }
    try Self.requireOnePartition(regions, environment)
    if environment("SDWAN_RESULTS") != nil {
      results = try read("SDWAN_RESULTS", "an s3://bucket/prefix URI") { ObjectURI($0) }
    }
    if let group = environment("AWS_LAMBDA_LOG_GROUP_NAME"),
      let stream = environment("AWS_LAMBDA_LOG_STREAM_NAME")
    {
      log = LogReference(group: group, stream: stream)
    }
  }

  private static func regions(_ text: String) -> [Region]? {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let regions = names.compactMap { Region(String($0.trimmingSpaces)) }
    return regions.count == names.count && Set(regions).count == regions.count ? regions : nil
  }

  /// The function's credentials are of the partition in which it runs, and worth nothing in another.
  private static func requireOnePartition(
    _ regions: [Region], _ environment: Environment
  ) throws(ConfigurationError) {
    guard let own = environment("AWS_REGION").flatMap({ Region($0) }) else { return }
    let partition = Partition(of: own)
    guard regions.contains(where: { Partition(of: $0) != partition }) else { return }
    throw ConfigurationError(
      "SDWAN_REGIONS", value: environment("SDWAN_REGIONS"),
      allowed:
        "regions of \(partition.name), the partition of the function and its credentials (AWS_REGION is \(own))"
    )
  }

  private static func topology(_ environment: Environment) throws(ConfigurationError) -> TopologySource {
    let variable = "SDWAN_TOPOLOGY"
    do throws(TopologyError) {
      return try TopologySource(environment(variable))
    } catch {
      throw ConfigurationError(
        variable, value: environment(variable),
        allowed: "a topology as JSON or an s3://bucket/key URI, but: \(error.description)")
    }
  }

  private static func image(_ read: Reader) throws(ConfigurationError) -> Image {
    let bucket = try read("VYOS_S3_BUCKET", "a bucket name: 3 to 63 of a-z, 0-9, . and -") {
      ObjectURI.isBucket($0) ? $0 : nil
    }
    // No quote or control character, so that a message can show it; the shell gets it quoted anyway.
    let key = try read(
      "VYOS_S3_KEY", "an object key: 1 to 1024 printable characters, not beginning with - or /"
    ) {
      (1...1024).contains($0.utf8.count) && !$0.hasPrefix("-") && !$0.hasPrefix("/")
        && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? $0 : nil
    }
    let sha256 = try read("VYOS_S3_SHA256", or: "", "64 hexadecimal digits") { text in
      text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) ? text.lowercased() : nil
    }
    let region = try read("VYOS_S3_REGION", "a region like us-east-1") { Region($0) }
    return Image(bucket: bucket, key: key, region: region, sha256: sha256)
  }
}

/// Reads one variable at a time.
private struct Reader {
  let environment: Environment

  /// A variable that has to be there.
  func callAsFunction<Value>(
    _ name: String, _ allowed: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    guard let text = environment(name), let value = parse(text) else {
      throw ConfigurationError(name, value: environment(name), allowed: allowed)
    }
    return value
  }

  /// A variable that may be missing.
  func callAsFunction<Value>(
    _ name: String, or standard: Value, _ allowed: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    environment(name) == nil ? standard : try self(name, allowed, parse)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = drop { $0 == " " }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
