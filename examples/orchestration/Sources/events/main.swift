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
  let events = try Events(in: .virginia, aws)
  guard let queue = variables["QUEUE"] else { return print("QUEUE is the ARN of what gets the events") }
  let rule = EventRule("example-failures", pattern: .rollbackNotification())
  print(try await events.put(rule).hasSuffix("rule/example-failures") ? "the rule is there" : "which rule?")
  try await events.put(
    targets: [EventTarget("queue", arn: queue)], of: rule.name)
  print("targets: \(try await events.targets(of: rule.name).map(\.id))")
  try await events.put([
    BusEvent(source: "eks-upgrade-agent", type: "upgrade.failed", detail: #"{"cluster": "dev"}"#)
  ])
  print("the event was put")
  try await events.enable(rule: rule.name, false)
  print("on: \(try await events.rules("example-").map(\.isEnabled))")
  try await events.delete(rule: rule.name)
  print("left: \(try await events.rules("example-").count)")
}

let status = loop.run {
  do { try await work() } catch {
    print("failed: \(error)")
    return 1
  }
  return 0
}
exit(status)
