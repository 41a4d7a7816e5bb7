import AWSClient
import Groundwork

/// Reads parameters from Parameter Store.
public struct ParameterStore: Sendable {
  /// A parameter as the service tells it; a SecureString comes encrypted.
  public struct Parameter: Sendable, Equatable {
    /// Its full name, e.g. `/fleet/web-1/instance-id`.
    public var name: String
    /// Its value.
    public var value: String
  }

  /// How many parameters one call gives at most.
  public static let pageSize = 10

  let client: ServiceClient

  /// - Parameter client: calls SSM.
  public init(_ client: ServiceClient) { self.client = client }

  /// Reads all parameters below a path, page by page; nothing is kept of them but what `add` keeps, for there may be
  /// others without end.
  /// - Parameters:
  ///   - path: a hierarchy without its last slash, e.g. `/fleet`.
  ///   - latest: when there is no point in an answer any more.
  /// - Throws: ``AWSError``.
  public func read<Sum: Sendable>(
    below path: String, in region: Region, latest: Deadline, into start: Sum,
    _ add: @Sendable (inout Sum, Parameter) -> Void
  ) async throws(AWSError) -> Sum {
    var sum = start
    try await pages(GetParametersByPath.name, in: region, latest) { token in
      GetParametersByPath.Input(path: path, nextToken: token)
    } take: { (page: GetParametersByPath.Output) in
      for parameter in page.parameters {
        add(&sum, Parameter(name: parameter.name, value: parameter.value))
      }
    }
    return sum
  }

  /// The full names of the parameters right below a path, of secrets too: who may call `DescribeParameters` need not be
  /// allowed to read a value.
  /// - Parameters:
  ///   - path: a hierarchy without its last slash, e.g. `/fleet-secrets/keys`.
  ///   - latest: when there is no point in an answer any more.
  /// - Throws: ``AWSError``.
  public func names(
    below path: String, in region: Region, latest: Deadline
  ) async throws(AWSError) -> [String] {
    var names: [String] = []
    try await pages(DescribeParameters.name, in: region, latest) { token in
      DescribeParameters.Input(path: path, nextToken: token)
    } take: { (page: DescribeParameters.Output) in
      names += page.parameters.map(\.name)
    }
    return names
  }

  /// Asks for page after page.
  private func pages<Input: Encodable & Sendable, Parameter>(
    _ operation: String, in region: Region, _ latest: Deadline, input: (_ token: String?) -> Input,
    take: (ParameterPage<Parameter>) -> Void
  ) async throws(AWSError) {
    var options = ServiceClient.Options()
    options.latest = latest
    options.isOneOfMany = true
    var token: String?
    repeat {
      let page: ParameterPage<Parameter>
      do {
        page = try await client.call(operation, region: region, input(token), options: options)
      } catch {
        throw error.error
      }
      take(page)
      token = nextPage(page.nextToken, after: token)
    } while token != nil
  }
}
