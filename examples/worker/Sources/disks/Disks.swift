import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Tells how full the disks of a fleet's hosts are. A host with a disk above the event's `limit`, in percent, has failed.
struct Disks: FleetFunction {
  static let name = "disks"
  private let fleet: Fleet
  var regions: [Region] { fleet.regions }

  init(_ services: FleetServices) throws(Failure) { fleet = try Fleet(services.environment) }

  func work(for event: FleetEvent, latest: Deadline) throws(Failure) -> any FleetWork {
    let names = try event.chosen(among: fleet.hosts.map(\.name), Self.vocabulary)
    let targets = fleet.hosts.filter { names.contains($0.name) }
    return DiskCheck(targets: targets, limit: try event.part(Wish.self).limit, time: event.timeout)
  }
}

/// The field of the event that is this function's own.
struct Wish: EventPart {
  enum Key: String, CodingKey { case limit }
  static let names: Set = [Key.limit.rawValue]
  let limit: Int

  init(from decoder: any Decoder) throws {
    limit = try decoder.container(keyedBy: Key.self).number(.limit, 1...100) ?? 90
  }
}

/// What is asked of every host at once, and what the answers mean.
struct DiskCheck: FleetWork {
  let purpose = Disks.name
  let targets: [Target]
  let limit: Int
  let time: Duration

  func command(for target: Target, _ look: Look, after said: [CommandResult]) -> CommandDocument? {
    said.isEmpty ? .script("#!/bin/bash\ndf --local --output=pcent,target -x squashfs", within: time) : nil
  }

  func conclude(_ said: [CommandResult], of target: Target, _ look: Look) -> Conclusion<NoDetails> {
    var result = TargetResult<NoDetails>(said[0])
    guard result.status == .success else { return Conclusion(result) }
    let disks = Self.disks(result.stdout)
    let full = disks.filter { $0.percent > limit }.map { "\($0.mount) is \($0.percent) % full" }
    if disks.isEmpty || !full.isEmpty {
      result.status = .failed
      result.stderr = disks.isEmpty ? "df named no disk" : full.joined(separator: ", ")
    }
    return Conclusion(result)
  }

  /// What `df` prints below its head: ` 42% /home`.
  static func disks(_ table: String) -> [(percent: Int, mount: Substring)] {
    table.split(separator: "\n").dropFirst().compactMap { row in
      let cells = row.split(separator: " ", maxSplits: 1)
      guard cells.count == 2, cells[0].last == "%", let percent = Int(cells[0].dropLast()) else { return nil }
      return (percent, cells[1])
    }
  }
}
