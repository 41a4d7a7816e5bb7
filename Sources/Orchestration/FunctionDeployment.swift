import AWSClient
import Groundwork

extension Functions {
  /// A zip travels with the call.
  private static let uploadTimeout = Duration.seconds(120)
  /// Between two looks at a function that is not ready.
  private static let pause = Duration.seconds(1)

  /// Makes a function, or makes the one of that name like this: configuration, then code, each when the one before has taken
  /// effect, and a version last. So nobody ever calls new code with an old configuration under a version's number.
  /// - Parameter limit: how long all of it may take.
  /// - Throws: ``DeploymentFailure``.
  public func deploy(
    _ function: FunctionSpecification, limit: Duration = .seconds(300)
  ) async throws(DeploymentFailure) -> DeployedFunction {
    let end = Deadline(client.clock.now() + limit)
    let known = try await state(of: function.name)
    if known == nil {
      // Nobody lets a role be taken that was made a moment ago: IAM takes seconds to tell everybody.
      try await patiently(function.name, end, for: ["InvalidParameterValueException"], "the role") {
        () async throws(FailedCall) in try await create(function)
      }
    } else {
      try await update(function, end)
    }
    let ready = try await ready(function.name, end)
    let version = try await published(function.name, sha256: ready.CodeSha256)
    return DeployedFunction(arn: ready.FunctionArn, version: version, isNew: known == nil)
  }

  private func update(_ function: FunctionSpecification, _ end: Deadline) async throws(DeploymentFailure) {
    _ = try await ready(function.name, end)
    try await patiently(function.name, end, for: ["ResourceConflictException"], "another update") {
      () async throws(FailedCall) in try await configure(function)
    }
    _ = try await ready(function.name, end)
    try await patiently(function.name, end, for: ["ResourceConflictException"], "another update") {
      () async throws(FailedCall) in try await load(function)
    }
  }

  /// Deletes a function; one that there is not is no error.
  /// - Throws: ``FailedCall``.
  public func delete(_ name: String) async throws(FailedCall) {
    do throws(FailedCall) {
      let _: RESTAnswer = try await client.rest(
        "DeleteFunction", region: region, RESTRequest(.delete, ["2015-03-31", "functions", name]))
    } catch {
      guard error.error.code == "ResourceNotFoundException" else { throw error }
    }
  }

  /// The names of all functions of the region.
  /// - Throws: ``FailedCall``.
  public func list() async throws(FailedCall) -> [String] {
    struct Output: Decodable, Sendable {
      struct Function: Decodable, Sendable { var FunctionName: String }
      var Functions: [Function]?
      var NextMarker: String?
    }
    var all: [String] = []
    var marker: String?
    repeat {
      let output: Output = try await client.rest(
        "ListFunctions", region: region,
        RESTRequest(.get, ["2015-03-31", "functions"], query: marker.map { [("Marker", $0)] } ?? []))
      all += (output.Functions ?? []).map(\.FunctionName)
      marker = Pages.next(output.NextMarker, after: marker)
    } while marker != nil
    return all
  }

  // MARK: Calls

  private struct Variables: Encodable, Sendable { var Variables: [String: String] }

  private func create(_ function: FunctionSpecification) async throws(FailedCall) {
    struct Code: Encodable, Sendable { var ZipFile: String }
    struct Input: Encodable, Sendable {
      var FunctionName: String, Role: String, Handler: String, Runtime: String, Timeout: Int, MemorySize: Int,
        Description: String, Architectures: [String], Environment: Variables, Tags: [String: String]?,
        Code: Code
    }
    try await send(
      "CreateFunction", .post, ["functions"],
      Input(
        FunctionName: function.name, Role: function.role, Handler: function.handler,
        Runtime: function.runtime, Timeout: function.timeout, MemorySize: function.memory,
        Description: function.about, Architectures: [function.architecture],
        Environment: Variables(Variables: function.environment),
        Tags: function.tags.isEmpty ? nil : function.tags,
        Code: Code(ZipFile: Base64.encode(function.zip))))
  }

  private func configure(_ function: FunctionSpecification) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var Role: String, Handler: String, Runtime: String, Timeout: Int, MemorySize: Int, Description: String,
        Environment: Variables
    }
    try await send(
      "UpdateFunctionConfiguration", .put, ["functions", function.name, "configuration"],
      Input(
        Role: function.role, Handler: function.handler, Runtime: function.runtime, Timeout: function.timeout,
        MemorySize: function.memory, Description: function.about,
        Environment: Variables(Variables: function.environment)))
  }

  private func load(_ function: FunctionSpecification) async throws(FailedCall) {
    struct Input: Encodable, Sendable { var ZipFile: String, Architectures: [String] }
    try await send(
      "UpdateFunctionCode", .put, ["functions", function.name, "code"],
      Input(
        ZipFile: Base64.encode(function.zip), Architectures: [function.architecture]))
  }

  /// - Returns: the version's number; the one that there is where nothing has changed since.
  private func published(_ name: String, sha256: String?) async throws(DeploymentFailure) -> String {
    struct Input: Encodable, Sendable { var CodeSha256: String? }
    struct Output: Decodable, Sendable { var Version: String }
    do throws(FailedCall) {
      let request = try Self.request(
        "PublishVersion", .post, ["functions", name, "versions"], Input(CodeSha256: sha256), region)
      let output: Output = try await client.rest("PublishVersion", region: region, request)
      return output.Version
    } catch {
      throw .init(name, error)
    }
  }

  private func send(
    _ operation: String, _ method: RESTMethod, _ path: [String], _ input: some Encodable
  ) async throws(FailedCall) {
    var options = ServiceClient.Options()
    options.attemptTimeout = Self.uploadTimeout
    let request = try Self.request(operation, method, path, input, region)
    let _: RESTAnswer = try await client.rest(operation, region: region, request, options: options)
  }

  private static func request(
    _ operation: String, _ method: RESTMethod, _ path: [String], _ input: some Encodable, _ region: Region
  ) throws(FailedCall) -> RESTRequest {
    try RESTRequest.json(operation, method, ["2015-03-31"] + path, input, in: region)
  }

  // MARK: Readiness

  private struct FunctionState: Decodable, Sendable {
    var FunctionArn: String, CodeSha256: String?, State: String?, StateReason: String?,
      LastUpdateStatus: String?, LastUpdateStatusReason: String?
  }

  /// nil where there is no such function.
  private func state(of name: String) async throws(DeploymentFailure) -> FunctionState? {
    do throws(FailedCall) {
      return try await client.rest(
        "GetFunctionConfiguration", region: region,
        RESTRequest(.get, ["2015-03-31", "functions", name, "configuration"]))
    } catch {
      if error.error.code == "ResourceNotFoundException" { return nil }
      throw .init(name, error)
    }
  }

  /// Waits until a function can be called and changed (what the SDKs call FunctionActiveV2 and FunctionUpdatedV2).
  private func ready(_ name: String, _ end: Deadline) async throws(DeploymentFailure) -> FunctionState {
    while true {
      guard let found = try await state(of: name) else { throw .unready("\(name) is not there any more") }
      if found.State == "Failed" {
        throw .unready("\(name) can't be made: \(found.StateReason ?? "no reason given")")
      }
      if found.LastUpdateStatus == "Failed" {
        throw .unready("\(name) can't be updated: \(found.LastUpdateStatusReason ?? "no reason given")")
      }
      // An inactive function wakes up when it is called.
      let isThere = ["Active", "Inactive"].contains(found.State ?? "Active")
      if isThere, (found.LastUpdateStatus ?? "Successful") == "Successful" { return found }
      try await rest(end, "\(name) is not ready: \(found.State ?? "")/\(found.LastUpdateStatus ?? "")")
    }
  }

  /// Tries again while the service refuses with a code that passes by itself.
  private func patiently(
    _ name: String, _ end: Deadline, for codes: Set<String>, _ cause: String,
    _ body: () async throws(FailedCall) -> Void
  ) async throws(DeploymentFailure) {
    while true {
      do throws(FailedCall) { return try await body() } catch {
        guard let code = error.error.code, codes.contains(code), Self.passes(error) else {
          throw .init(name, error)
        }
        try await rest(end, "\(name) waits for \(cause): \(error.error)")
      }
    }
  }

  /// Of what is wrong with a function's parameters only a role that is too young passes by itself.
  private static func passes(_ call: FailedCall) -> Bool {
    guard case .service(let error) = call.error else { return false }
    return error.code == "ResourceConflictException" || error.message.contains("assumed by Lambda")
  }

  private func rest(_ end: Deadline, _ reason: String) async throws(DeploymentFailure) {
    guard !end.hasCome(at: client.clock.now() + Self.pause) else {
      throw .unready("\(reason); the time is over")
    }
    do { try await client.clock.sleep(Self.pause) } catch { throw .unready("\(reason); interrupted") }
  }
}

extension DeploymentFailure {
  fileprivate init(_ name: String, _ call: FailedCall) {
    self = .call(FunctionCall(name: name, reason: "\(call.error)", code: call.error.code))
  }
}
