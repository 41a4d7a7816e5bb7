// Says which credentials a tool finds in its environment, as JSON on stdout. The tests in Tests/Signatures compare it with
// botocore. With an argument that profile is wanted; an environment of MFA_CODE answers who asks for a device's code.
import AWSClient
import AWSCredentials
import Foundation
import Groundwork
import HTTPClient

let environment: Environment = { name in
  ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
}

let run: @Sendable (String) async -> ToolSurroundings.CommandEnd = { command in
  let (process, output, complaint) = (Process(), Pipe(), Pipe())
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", command]
  process.standardOutput = output
  process.standardError = complaint
  guard (try? process.run()) != nil else { return .init(status: -1, output: [], complaint: "no shell") }
  let printed = Array(output.fileHandleForReading.readDataToEndOfFile())
  let said = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return .init(status: process.terminationStatus, output: printed, complaint: said)
}

let loop = try EventLoop()
let status = loop.run {
  let client = CurlClient(on: loop)
  let surroundings = ToolSurroundings(
    send: { request throws(HTTPError) in try await client.perform(request) }, clock: .live(on: client),
    environment: environment,
    read: { path in FileManager.default.contents(atPath: path).map(Array.init) },
    write: { path, bytes in try? Data(bytes).write(to: URL(fileURLWithPath: path)) }, run: run,
    askForCode: { _ in environment("MFA_CODE") })
  let chain = CredentialChain(surroundings, profile: CommandLine.arguments.dropFirst().first)
  let answer: [String: String]
  do {
    let found = try await chain.credentials()
    answer = ["key": found.accessKeyID, "secret": found.secretAccessKey, "token": found.sessionToken ?? ""]
  } catch {
    answer = ["error": "\(error)"]
  }
  print(String(decoding: (try? JSONEncoder().encode(answer)) ?? Data(), as: UTF8.self))
  return 0
}
exit(status)
