import AWSClient
import Foundation
import Groundwork
import HTTPClient
import Orchestration

let loop = try EventLoop()
let client = CurlClient(on: loop)
let variables = ProcessInfo.processInfo.environment
let aws = ServiceClient.Dependencies(
  send: { request throws(HTTPError) in try await client.perform(request) }, clock: .live(on: client),
  environment: { variables[$0] })

@Sendable func work() async throws {
  let machines = try StateMachines(in: .virginia, aws)
  guard let role = variables["ROLE"] else { return print("ROLE says as what the machine acts") }
  let definition =
    #"{"StartAt": "Done", "States": {"Done": {"Type": "Pass", "Result": {"ok": true}, "End": true}}}"#
  let arn = try await machines.create(
    StateMachineSpecification(name: "example", definition: definition, role: role))
  let execution = try await machines.start(arn, name: "one", input: "{}")
  let ended = try await machines.wait(for: execution, limit: .seconds(60), pause: .milliseconds(200))
  print("\(ended.status.rawValue): \(ended.output ?? "")")
  var count = 0
  try await machines.history(of: execution) { page in
    count += page.count
    return true
  }
  print("its history has events: \(count > 2)")
  try await machines.update(arn, definition: definition.replacingOccurrences(of: "true}, ", with: "false}, "))
  print("listed: \(try await machines.list().contains { $0.name == "example" })")
  try await machines.delete(arn)
}

let status = loop.run {
  do { try await work() } catch {
    print("failed: \(error)")
    return 1
  }
  return 0
}
exit(status)
