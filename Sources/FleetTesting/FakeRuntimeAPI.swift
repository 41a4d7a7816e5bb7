// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import Synchronization

/// Lambda's Runtime API on loopback, for a bootstrap that a test starts as a process: hands events out, one after
/// another, and keeps what comes back.
///
/// It goes by the requests that Lambda documents for custom runtimes, version 2018-06-01; what is none of them is
/// answered 404, a result for another invocation 400, and a second `next` before the result 403, as Lambda's own server
/// does.
public final class FakeRuntimeAPI: Sendable {
  /// What became of an event, or of the start.
  public enum Outcome: Sendable, Equatable {
    /// The function's answer.
    case response([UInt8])
    /// The body of its error report.
    case error([UInt8])
    /// The function could not start: the body of its report.
    case initError([UInt8])
  }

  private struct State {
    var events: [[UInt8]]
    var current: String?
    var number = 0
    var outcomes: [Outcome] = []
  }

  private let state: Mutex<State>
  private let deadline: Date
  private let server = Mutex<LoopbackServer?>(nil)

  /// - Parameters:
  ///   - events: handed out in this order; then the bootstrap waits.
  ///   - deadline: when each invocation ends.
  public init(_ events: [[UInt8]], deadline: Date = Date(timeIntervalSinceNow: 60)) {
    state = Mutex(State(events: events))
    self.deadline = deadline
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        guard self.serve(request, connection) else { return }
      }
    }
    self.server.withLock { $0 = server }
  }

  /// What `AWS_LAMBDA_RUNTIME_API` is to be.
  public var address: String {
    let url = server.withLock { $0?.url } ?? ""
    return String(url.dropFirst("http://".count))
  }

  /// What has come back so far.
  public var outcomes: [Outcome] { state.withLock { $0.outcomes } }

  /// Takes no more connections.
  public func stop() { server.withLock { $0 }?.stop() }

  /// Runs a bootstrap until every event has its outcome, it has ended, or the time is over.
  /// - Parameters:
  ///   - bootstrap: its file.
  ///   - environment: its variables, to which the Runtime API's is added.
  /// - Returns: what has come back.
  public func run(
    _ bootstrap: URL, environment: [String: String], within time: Duration = .seconds(60)
  ) throws -> [Outcome] {
    let wanted = state.withLock { $0.events.count }
    let process = Process()
    process.executableURL = bootstrap
    process.environment = environment.merging(["AWS_LAMBDA_RUNTIME_API": address]) { $1 }
    try process.run()
    defer { process.terminate() }
    let end = Date(timeIntervalSinceNow: Double(time.components.seconds))
    while outcomes.count < wanted, process.isRunning, Date() < end { usleep(5000) }
    return outcomes
  }

  // MARK: Requests

  /// - Returns: false when the connection is to be closed.
  private func serve(_ request: (head: String, body: [UInt8]), _ connection: Connection) -> Bool {
    let words = request.head.split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[1].hasPrefix("/2018-06-01/runtime/") else {
      connection.answer("{}", status: "404 Not Found")
      return true
    }
    let path = words[1].dropFirst("/2018-06-01/runtime/".count).split(separator: "/").map(String.init)
    switch (String(words[0]), path) {
    case ("GET", ["invocation", "next"]): return next(connection)
    case ("POST", ["init", "error"]):
      state.withLock { $0.outcomes.append(.initError(request.body)) }
      connection.answer(#"{"status":"OK"}"#, status: "202 Accepted")
    case ("POST", let parts) where parts.count == 3 && parts[0] == "invocation":
      result(of: parts[1], parts[2] == "error" ? .error(request.body) : .response(request.body), connection)
    default: connection.answer("{}", status: "404 Not Found")
    }
    return true
  }

  private func next(_ connection: Connection) -> Bool {
    enum Turn { case event([UInt8], id: String), refused, none }
    let turn = state.withLock { state -> Turn in
      guard state.current == nil else { return .refused }
      guard !state.events.isEmpty else { return .none }
      state.number += 1
      let id = "00000000-0000-4000-8000-\(String(state.number + 100_000_000_000))"
      state.current = id
      return .event(state.events.removeFirst(), id: id)
    }
    switch turn {
    case .event(let event, let id):
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: \(id)\r\n"
          + "Lambda-Runtime-Deadline-Ms: \(Int(deadline.timeIntervalSince1970 * 1000))\r\n"
          + "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:test\r\n"
          + "Content-Length: \(event.count)\r\n\r\n")
      connection.send(String(decoding: event, as: UTF8.self))
    case .refused: connection.answer("{}", status: "403 Forbidden")
    case .none:
      // Lambda would freeze the environment here; a bootstrap waits until it is ended.
      while connection.request() != nil {}
      return false
    }
    return true
  }

  private func result(of id: String, _ outcome: Outcome, _ connection: Connection) {
    let isCurrent = state.withLock { state in
      guard state.current == id else { return false }
      state.current = nil
      state.outcomes.append(outcome)
      return true
    }
    connection.answer(
      isCurrent ? #"{"status":"OK"}"# : #"{"errorType":"InvalidRequestID"}"#,
      status: isCurrent ? "202 Accepted" : "400 Bad Request")
  }
}
