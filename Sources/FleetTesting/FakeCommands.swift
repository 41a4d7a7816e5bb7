import AWSClient
// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import HTTPClient

/// Run Command: what is sent, how it stands, and what stops it.
extension FakeSystemsManager {
  /// What Run Command keeps of an output.
  private static let longestOutput = 24_000

  /// To all of its instances, or to none.
  func send(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    let body = call.object
    let ids = body["InstanceIds"] as? [String] ?? []
    guard let parameters = body["Parameters"] as? [String: [String]], (1...50).contains(ids.count),
      (body["Comment"] as? String ?? "").count <= 100
    else { return .error("ValidationException") }
    guard Set(ids).count == ids.count else { return .error("DuplicateInstanceId") }
    let offline = state.withLock { $0.offline }
    let targets = ids.compactMap { instances[$0] }.filter {
      $0.region == region && !offline.contains($0.name)
    }
    guard let first = targets.first, targets.count == ids.count else { return .error("InvalidInstanceId") }
    let now = clock.now()
    let commandID = state.withLock { state in
      let number = (state.sent[first.name] ?? 0) + 1
      let commandID = number == 1 ? "command-\(first.name)" : "command-\(first.name)-\(number)"
      for target in targets {
        state.regions[target.name, default: []].insert(region.name)
        state.sent[target.name, default: 0] += 1
        state.commands.append(
          Command(
            id: commandID, instance: target.name, comment: body["Comment"] as? String ?? "",
            document: body["DocumentName"] as? String ?? "", parameters: parameters, sent: now,
            number: state.sent[target.name] ?? 1))
      }
      return commandID
    }
    return .json(object: ["Command": ["CommandId": commandID, "InstanceIds": ids]])
  }

  func cancel(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    let body = call.object
    let wanted = (body["InstanceIds"] as? [String])?.map { instances[$0]?.name }
    let id = body["CommandId"] as? String
    guard commands.contains(where: { $0.id == id }) else { return .error("InvalidCommandId") }
    let ended = Set(commands.lazy.filter { $0.id == id && self.end(of: $0) != nil }.map(\.instance))
    state.withLock { state in
      for index in state.commands.indices where state.commands[index].id == id {
        let instance = state.commands[index].instance
        guard wanted?.contains(instance) ?? true, !ended.contains(instance), !state.deaf.contains(instance)
        else { continue }
        state.commands[index].isCancelled = true
      }
    }
    return .json("{}")
  }

  func invocation(_ call: FakeService.Call, _ region: Region) -> HTTPResponse {
    guard let instance = instances[call.body["InstanceId"] ?? ""], instance.region == region,
      let command = commands.first(where: { $0.id == call.body["CommandId"] && $0.instance == instance.name })
    else { return .error("InvocationDoesNotExist") }
    let standing = standing(of: command)
    let told = standing.answer ?? Answer()
    return .json(object: [
      "CommandId": command.id, "InstanceId": instance.id, "Comment": command.comment,
      "Status": standing.status, "StatusDetails": standing.status, "ResponseCode": standing.code,
      "StandardOutputContent": String(told.stdout.prefix(Self.longestOutput)),
      "StandardErrorContent": told.stderr,
    ])
  }

  /// A status as all operations tell it.
  struct CommandStanding {
    var status: String
    var code: Int
    /// What it printed; nil before its end.
    var answer: Answer?
  }

  func standing(of command: Command) -> CommandStanding {
    if command.isCancelled { return CommandStanding(status: "Cancelled", code: -1) }
    guard let answer = end(of: command) else { return CommandStanding(status: "InProgress", code: -1) }
    return CommandStanding(status: answer.status, code: answer.status == "Success" ? 0 : 1, answer: answer)
  }

  /// What a command has said, cancelled or not; nil before its end.
  private func end(of command: Command) -> Answer? {
    let (isBusy, isOver) = state.withLock {
      ($0.busy.contains(command.instance), $0.finished.contains(command.instance))
    }
    if isBusy { return nil }
    let answer = answer(command, command.number)
    return isOver || clock.now() - command.sent >= answer.time ? answer : nil
  }
}
