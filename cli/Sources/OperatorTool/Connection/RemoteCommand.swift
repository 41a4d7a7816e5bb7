import AWSClient
import Groundwork
import SSMKit

/// A script of the tool's own on one host, to its end.
struct RemoteCommand {
  /// Between two looks at it.
  private static let pause = Duration.seconds(1)
  /// Where --timeout says nothing.
  private static let usualTime = Duration.seconds(120)

  private let tool: Tool

  init(_ tool: Tool) { self.tool = tool }

  /// - Throws: ``ToolError`` where it could not be sent, or nobody has seen it end.
  func run(
    _ script: String, on instance: InstanceID, in region: Region, _ what: String
  ) async throws(ToolError) -> CommandResult {
    let time = tool.global.timeout.map { Duration.seconds($0) } ?? Self.usualTime
    let latest = Deadline(tool.clock.now() + time)
    let request = CommandRequest(
      instanceIDs: [instance], region: region, document: .script(script, within: time),
      comment: "sdwan \(what)")
    let command: SentCommand
    do throws(CommandRefusal) {
      let id = try await tool.runCommand.send(request, latest: latest)
      command = SentCommand(commandID: id, instanceID: instance, region: region)
    } catch {
      throw .refused(error.reason)
    }
    while !latest.hasCome(at: tool.clock.now()) {
      do { try await tool.clock.sleep(Self.pause) } catch {
        throw ToolError(
          message: "interrupted; the command may still be running on the host", outcome: .interrupted)
      }
      do throws(AWSError) {
        if let end = try await tool.runCommand.output(of: command, latest: latest) { return end }
      } catch {
        if !error.isPassing { throw ToolError(FailedCall(error)) }
      }
    }
    throw ToolError(
      message: "the command had not ended after \(time.inWholeSeconds) s (--timeout)", outcome: .timedOut)
  }
}
