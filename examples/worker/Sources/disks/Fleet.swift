import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// The fleet as the variable `FLEET_HOSTS` has it: `NAME=REGION/INSTANCE NAME=REGION/INSTANCE …`.
struct Fleet {
  let hosts: [Target]

  var regions: [Region] { Set(hosts.compactMap { try? $0.place().region }).sorted() }

  init(_ environment: @escaping Environment) throws(Failure) {
    do throws(ConfigurationError) {
      hosts = try Variables(environment)("FLEET_HOSTS", "NAME=REGION/INSTANCE, parted by spaces", Self.hosts)
    } catch {
      throw Failure(error)
    }
  }

  private static func hosts(_ text: String) -> [Target]? {
    let words = text.split(separator: " ")
    let hosts = words.compactMap(host)
    let isWhole = !hosts.isEmpty && hosts.count == words.count
    guard isWhole, Set(hosts.map(\.name)).count == hosts.count else { return nil }
    return hosts
  }

  private static func host(_ word: Substring) -> Target? {
    let parts = word.split(omittingEmptySubsequences: false) { $0 == "=" || $0 == "/" }.map(String.init)
    guard parts.count == 3, let region = Region(parts[1]), let instance = InstanceID(parts[2]) else {
      return nil
    }
    return Target(parts[0], instance, in: region)
  }
}
