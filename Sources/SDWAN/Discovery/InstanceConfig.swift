import AWSClient
import Groundwork
import SSMKit

/// What is known of an instance, by parameter.
enum ParameterType: String, Sendable, CaseIterable {
  case instanceID = "instance-id"
  case outsideEIP = "outside-eip"
  case outsidePrivateIP = "outside-private-ip"
}

/// An instance as Parameter Store describes it, complete and validated.
struct InstanceConfig: Sendable, Equatable {
  /// The router's name.
  var name: String
  /// Where it and its parameters live.
  var region: Region
  /// What Run Command is told.
  var instanceID: InstanceID
  /// The Elastic IP that peers reach it at.
  var outsideEIP: IPv4Address
  /// Its own address on the outside interface.
  var outsidePrivateIP: IPv4Address
}

/// Parameters that are missing or malformed.
struct ParameterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence for each, with the parameter's path.
  var problems: [String]

  /// All problems in one line.
  var description: String { problems.joined(separator: "; ") }
}

/// The raw parameters of one instance.
struct InstanceParameters: Sendable, Equatable {
  /// The router's name.
  let name: String
  /// Where the parameters live.
  let region: Region
  private let prefix: ParameterPrefix
  private let values: [ParameterType: String]

  /// Raw values as they were found.
  init(name: String, region: Region, prefix: ParameterPrefix, values: [ParameterType: String]) {
    self.name = name
    self.region = region
    self.prefix = prefix
    self.values = values
  }

  /// - Throws: ``ParameterError`` that names every missing or malformed parameter.
  func config() throws(ParameterError) -> InstanceConfig {
    let id = read(.instanceID, InstanceID.init, "an instance id")
    let eip = address(.outsideEIP)
    let privateIP = address(.outsidePrivateIP)
    guard case .success(let id) = id, case .success(let eip) = eip, case .success(let privateIP) = privateIP
    else { throw ParameterError(problems: [id.problems, eip.problems, privateIP.problems].flatMap { $0 }) }
    return InstanceConfig(
      name: name, region: region, instanceID: id, outsideEIP: eip, outsidePrivateIP: privateIP)
  }

  /// The two addresses alone: all that a peer needs to know.
  /// - Throws: ``ParameterError`` that names the missing or malformed ones.
  func outsideAddresses() throws(ParameterError) -> (eip: IPv4Address, privateIP: IPv4Address) {
    let eip = address(.outsideEIP)
    let privateIP = address(.outsidePrivateIP)
    guard case .success(let eip) = eip, case .success(let privateIP) = privateIP else {
      throw ParameterError(problems: eip.problems + privateIP.problems)
    }
    return (eip, privateIP)
  }

  private func address(_ type: ParameterType) -> Result<IPv4Address, ParameterError> {
    read(
      type, { IPv4Address($0).flatMap { $0.isOfHosts ? $0 : nil } }, "an IPv4 address that a host can have")
  }

  private func read<Value>(
    _ type: ParameterType, _ parse: (String) -> Value?, _ wanted: String
  ) -> Result<Value, ParameterError> {
    let path = prefix.path(name: name, type: type)
    guard let text = values[type] else {
      return .failure(ParameterError(problems: ["parameter \(path) is missing in \(region)"]))
    }
    guard let value = parse(text) else {
      let problem = "parameter \(path) in \(region) is \"\(text.shown(bytes: 60))\", which is not \(wanted)"
      return .failure(ParameterError(problems: [problem]))
    }
    return .success(value)
  }
}

extension Result where Failure == ParameterError {
  fileprivate var problems: [String] {
    if case .failure(let error) = self { error.problems } else { [] }
  }
}

extension IPv4Address {
  /// Whether an instance may have it as an Elastic IP or on an interface.
  fileprivate var isOfHosts: Bool { purpose == nil && !isLinkLocal }
}
