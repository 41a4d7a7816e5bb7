import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Tells how full the disks of a fleet's hosts are. A host with a disk above the event's `limit`, in percent, has failed.
struct Disks: FleetFunction {
  static let name = "disks"
  private let fleet: TargetList
  var regions: [Region] { fleet.regions }

  init(_ services: FleetServices) throws(Failure) {
    fleet = try TargetList("FLEET_HOSTS", services.environment)
  }

  func work(for event: FleetEvent, latest: Deadline) throws(Failure) -> any FleetWork {
    DiskCheck(
      targets: try fleet.chosen(by: event), limit: try event.part(Wish.self).limit ?? 90,
      time: event.timeout)
  }

  /// The field of the event that is this function's own.
  struct Wish: EventPart {
    static let names: Set = ["limit"]
    let limit: Int?
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
    // What `df` prints below its head: ` 42% /home`.
    let disks = result.stdout.split(separator: "\n").dropFirst().map {
      $0.split(separator: "%", maxSplits: 1)
    }
    let used = disks.compactMap { $0.count == 2 ? Int($0[0].filter { $0 != " " }) : nil }
    if used.isEmpty { result.fail("df named no disk") }
    if let most = used.max(), most > limit { result.fail("a disk is \(most) % full") }
    return Conclusion(result)
  }
}
