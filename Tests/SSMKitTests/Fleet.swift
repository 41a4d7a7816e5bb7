import AWSClient
import FleetTesting
import Groundwork
import SSMKit

/// A fleet in simulated time, with clients that know it.
struct Fleet: Sendable {
  static let execution = "arn:aws:states:us-east-1:123456789012:execution:fleet:one"

  let time: SimulatedTime
  let systems: FakeSystemsManager
  let service: FakeService
  let client: ServiceClient
  let runCommand: RunCommand
  let instances: [InstanceID]
  let region: Region
  private let places: [String: (InstanceID, Region)]

  var mark: String { CommandMark.execution(Self.execution) }
  var start: UnixTime { VirtualClock.start }

  /// - Parameters:
  ///   - count: instances in each region.
  ///   - latency: of every call.
  init(
    _ count: Int, in regions: [Region] = [.virginia], _ time: SimulatedTime,
    latency: @escaping @Sendable (_ operation: String) -> Duration = { _ in .milliseconds(30) },
    answering answer: @escaping @Sendable (FakeSystemsManager.Command, Int) -> FakeSystemsManager.Answer = {
      _, _ in
      .init(stdout: "done")
    }
  ) throws {
    self.time = time
    region = regions[0]
    var known: [FakeSystemsManager.Instance] = []
    for (place, region) in regions.enumerated() {
      known += (0..<count).map { number in
        FakeSystemsManager.Instance(
          "\(region)-\(number)", Self.id(place * 100_000 + number), in: region)
      }
    }
    instances = known.compactMap { InstanceID($0.id) }
    places = Dictionary(uniqueKeysWithValues: zip(known, instances).map { ($0.name, ($1, $0.region)) })
    systems = FakeSystemsManager(known, clock: time.clock, answer)
    service = systems.service
    client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(time.clock, latency: latency))
    runCommand = RunCommand(client)
  }

  private static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "i-" + String(repeating: "0", count: 17 - digits.count) + digits
  }

  /// A command for some of them.
  func request(
    _ instances: [InstanceID], in region: Region? = nil, purpose: String? = nil
  ) -> CommandRequest {
    CommandRequest(
      instanceIDs: instances, region: region ?? self.region, document: .script("true", within: .seconds(60)),
      comment: "phase",
      mark: CommandMark(
        execution: Self.execution, purpose: [purpose ?? "\(instances)"], content: "", instances: instances))
  }

  /// Sends a command of its own to each.
  func sendToEach(
    _ instances: [InstanceID], in region: Region? = nil, latest: Deadline = .never
  ) async -> [InstanceID: Result<String, CommandRefusal>] {
    await concurrently(instances) { instance in
      do throws(CommandRefusal) {
        return .success(try await runCommand.send(request([instance], in: region), latest: latest))
      } catch {
        return .failure(error)
      }
    }
  }

  /// The commands that are there, as whoever sent them knows them.
  var sent: [SentCommand] {
    systems.commands.compactMap { command in
      places[command.instance].map { id, region in
        SentCommand(commandID: command.id, instanceID: id, region: region)
      }
    }
  }

  func count(of operation: String) -> Int { service.count(of: operation) }
}
