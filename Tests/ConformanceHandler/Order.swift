import Glibc
import Groundwork
import HTTPClient
import LambdaRuntime

/// What an event asks for: a verb, a space, and whatever the verb takes.
struct Order {
  enum Verb: String {
    /// Answers the event itself.
    case echo
    /// Answers that many bytes.
    case size
    /// Answers what the function was told about the invocation, a line for each.
    case context
    /// Fails with the rest of the event as the message.
    case fail = "throw"
    /// Waits for that many seconds, and fails when it is cancelled.
    case wait
    /// Waits for that many seconds, and answers what it has when it is cancelled.
    case gather
    /// Keeps the thread for that many seconds, deaf to everything.
    case busy
    /// Dies of a signal.
    case crash
    /// Leaves the process behind the runtime's back.
    case exit
  }

  private let verb: Verb
  private let rest: [UInt8]
  private let invocation: Invocation

  init(_ invocation: Invocation) throws(Failure) {
    let parts = invocation.event.split(separator: UInt8(ascii: " "), maxSplits: 1)
    let word = String(decoding: parts.first ?? [], as: UTF8.self)
    guard let verb = Verb(rawValue: word) else {
      throw Failure(type: "Event.Invalid", message: "\"\(word)\" is no verb of the conformance suite")
    }
    self.verb = verb
    rest = parts.count > 1 ? Array(parts[1]) : []
    self.invocation = invocation
  }

  func carryOut(_ clock: Clock, _ logger: Logger) async throws(Failure) -> [UInt8] {
    logger.log(.debug, "\(verb.rawValue) has begun")
    switch verb {
    case .echo: return invocation.event
    case .size: return [UInt8](repeating: UInt8(ascii: "x"), count: Int(try number()))
    case .context: return context
    case .fail: throw Failure(type: "Test.Thrown", message: text)
    case .wait:
      do { try await clock.sleep(try time()) } catch {
        throw Failure(type: "Test.Cancelled", message: "cancelled while waiting")
      }
      return Array("waited".utf8)
    case .gather:
      let isWhole = (try? await clock.sleep(try time())) != nil
      return Array((isWhole ? "everything" : "a part").utf8)
    case .busy:
      let end = clock.now() + (try time())
      while clock.now() < end {}
      return Array("done".utf8)
    case .crash: abort()
    case .exit: Glibc.exit(Int32(try number()))
    }
  }

  private var text: String { String(decoding: rest, as: UTF8.self) }

  private func number() throws(Failure) -> Double {
    guard let number = Double(text) else {
      throw Failure(type: "Event.Invalid", message: "\"\(text)\" is no number")
    }
    return number
  }

  private func time() throws(Failure) -> Duration { .seconds(try number()) }

  private var context: [UInt8] {
    let trace = getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) }
    let told = [
      "deadline": invocation.deadline.map { "\($0.seconds)" }, "arn": invocation.functionARN,
      "trace": invocation.traceID, "variable": trace,
    ]
    return Array(told.map { "\($0)=\($1 ?? "none")" }.sorted().joined(separator: "\n").utf8)
  }
}
