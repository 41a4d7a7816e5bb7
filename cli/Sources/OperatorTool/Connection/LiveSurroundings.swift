import AWSCredentials
import Foundation
import Groundwork
import HTTPClient

extension ToolSurroundings {
  /// This process's own: its files, its shell, its terminal.
  static func live(_ client: CurlClient, _ environment: @escaping Environment) -> ToolSurroundings {
    ToolSurroundings(
      send: { request throws(HTTPError) in try await client.perform(request) }, clock: .live(on: client),
      environment: environment,
      read: { path in FileManager.default.contents(atPath: path).map(Array.init) },
      write: { path, bytes in
        // A token is its owner's alone.
        _ = FileManager.default.createFile(
          atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
      }, run: { command in shell(command) },
      askForCode: { device in Terminal.ask("code of the MFA device \(device): ") })
  }

  private static func shell(_ command: String) -> CommandEnd {
    let (process, output, complaint) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = output
    process.standardError = complaint
    do {
      try process.run()
    } catch {
      return CommandEnd(status: -1, output: [], complaint: "\(error)")
    }
    let printed = Array(output.fileHandleForReading.readDataToEndOfFile())
    let said = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return CommandEnd(status: process.terminationStatus, output: printed, complaint: said)
  }
}
