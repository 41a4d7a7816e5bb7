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

  private let client: ServiceClient

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
    var options = ServiceClient.Options()
    options.latest = latest
    options.isOneOfMany = true
    var sum = start
    var token: String?
    repeat {
      let page: GetParametersByPath.Output
      do {
        page = try await client.call(
          GetParametersByPath.name, region: region,
          GetParametersByPath.Input(path: path, nextToken: token), options: options)
      } catch {
        throw error.error
      }
      for parameter in page.parameters {
        add(&sum, Parameter(name: parameter.name, value: parameter.value))
      }
      token = nextPage(page.nextToken, after: token)
    } while token != nil
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
    var options = ServiceClient.Options()
    options.latest = latest
    options.isOneOfMany = true
    var names: [String] = []
    var token: String?
    repeat {
      let page: DescribeParameters.Output
      do {
        page = try await client.call(
          DescribeParameters.name, region: region, DescribeParameters.Input(path: path, nextToken: token),
          options: options)
      } catch {
        throw error.error
      }
      names += page.parameters.map(\.name)
      token = nextPage(page.nextToken, after: token)
    } while token != nil
    return names
  }
}
