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
  let configuration = try Configuration(in: .virginia, aws)
  guard
    case .object(let settings) = try JSONTree(
      #"{"database": {"host": "db.example.com", "port": 5432, "password": "hunter2"}, "features": ["a", "b"], "limit": null}"#
    )
  else { return }
  let first = try await configuration.replace(below: "/shop/production", with: settings)
  let again = try await configuration.replace(below: "/shop/production", with: settings)
  print("written: \(first.written), then \(again.written)")
  let read = try await configuration.dictionary(below: "/shop/production")
  print(read == settings ? "the same came out" : "something else came out")
  let password = try await configuration.parameters.get("/shop/production/database/password", in: .virginia)
  print("the password is a \(password.kind)")
  print("deleted: \(try await configuration.deleteAll(below: "/shop/production"))")
}

let status = loop.run {
  do { try await work() } catch {
    print("failed: \(error)")
    return 1
  }
  return 0
}
exit(status)
