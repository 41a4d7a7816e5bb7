import FleetTesting
import Foundation
import Testing

/// The testing product's Runtime API, over the conformance suite's bootstrap.
@Suite struct FakeRuntimeAPITests {
  /// It is built beside this test.
  private static let bootstrap = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("ConformanceHandler")

  private func run(_ events: [String], _ environment: [String: String] = [:]) throws -> [FakeRuntimeAPI
    .Outcome]
  {
    let api = FakeRuntimeAPI(events.map { Array($0.utf8) })
    defer { api.stop() }
    return try api.run(Self.bootstrap, environment: environment)
  }

  @Test func answersAndErrors() throws {
    let outcomes = try run(["echo x", "throw it broke", "echo y"])
    #expect(outcomes.count == 3)
    #expect(outcomes.first == .response(Array("echo x".utf8)))
    #expect(outcomes.last == .response(Array("echo y".utf8)))
    guard case .error(let body)? = outcomes.dropFirst().first else {
      Issue.record("no error: \(outcomes)")
      return
    }
    #expect(String(decoding: body, as: UTF8.self).contains("it broke"))
  }

  @Test func anInitError() throws {
    let outcomes = try run(["echo x"], ["CONFORMANCE_INIT_ERROR": "no such thing"])
    guard case .initError(let body)? = outcomes.first else {
      Issue.record("no init error: \(outcomes)")
      return
    }
    #expect(String(decoding: body, as: UTF8.self).contains("no such thing"))
  }

  @Test func oneThatDies() throws {
    #expect(try run(["crash"]).isEmpty)
  }
}
