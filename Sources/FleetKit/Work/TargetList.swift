import AWSClient
import Groundwork
import SSMKit

/// A fleet as a variable of the environment has it: `NAME=REGION/INSTANCE NAME=REGION/INSTANCE …`.
public struct TargetList: Sendable {
  /// In the variable's order.
  public let targets: [Target]

  /// Where they live.
  public var regions: [Region] { Set(targets.compactMap { try? $0.place().region }).sorted() }

  /// - Parameter variable: its name.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) where it is missing, is something else, or has a name twice.
  public init(_ variable: String, _ environment: @escaping Environment) throws(Failure) {
    do throws(ConfigurationError) {
      targets = try Variables(environment)(variable, "NAME=REGION/INSTANCE, parted by spaces", Self.targets)
    } catch {
      throw Failure(error)
    }
  }

  /// Those that an event asks for.
  /// - Throws: ``Failure`` (`Event.Invalid`) that names an unknown one.
  public func chosen(by event: FleetEvent) throws(Failure) -> [Target] {
    let names = Set(try event.chosen(among: targets.map(\.name)))
    return targets.filter { names.contains($0.name) }
  }

  private static func targets(_ text: String) -> [Target]? {
    let words = text.split(separator: " ")
    let targets = words.compactMap(target)
    let isWhole = !targets.isEmpty && targets.count == words.count
    guard isWhole, Set(targets.map(\.name)).count == targets.count else { return nil }
    return targets
  }

  private static func target(_ word: Substring) -> Target? {
    let parts = word.split(omittingEmptySubsequences: false) { $0 == "=" || $0 == "/" }.map(String.init)
    guard parts.count == 3, !parts[0].isEmpty, let region = Region(parts[1]),
      let instance = InstanceID(parts[2])
    else { return nil }
    return Target(parts[0], instance, in: region)
  }
}
