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
  let functions = try Functions(in: .virginia, aws)
  guard let zip = FileManager.default.contents(atPath: variables["ZIP"] ?? ""), let role = variables["ROLE"]
  else { return print("ZIP and ROLE say what is deployed, and as what it acts") }
  let function = FunctionSpecification(
    name: "example", role: role, zip: Array(zip), handler: "perception",
    environment: ["UPGRADE_CLUSTERS": #"{"dev": {}}"#])
  let made = try await functions.deploy(function)
  let changed = try await functions.deploy(function)
  print("new: \(made.isNew), then \(changed.isNew)")
  print("it is listed: \(try await functions.list().contains("example"))")
  do throws(InvocationFailure) {
    _ = try await functions.invoke("example", event: Array("[]".utf8))
  } catch {
    if case .function(let failure) = error { print("it ended with \(failure.type)") } else { throw error }
  }
  try await functions.delete("example")
  print("it is listed: \(try await functions.list().contains("example"))")
}

let status = loop.run {
  do { try await work() } catch {
    print("failed: \(error)")
    return 1
  }
  return 0
}
exit(status)
