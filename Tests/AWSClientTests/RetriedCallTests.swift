import Groundwork
import HTTPClient
import Synchronization
import FleetTesting
import Testing

@testable import AWSClient

/// What a call does about answers that may be better next time.
@Suite struct RetriedCallTests {
  enum Answer: Sendable {
    case success
    case error(String, Int)
    case asking(String)
    case later(String)
    case broken(HTTPError.Kind)

    func get() throws(HTTPError) -> HTTPResponse {
      switch self {
      case .success: .json("{}")
      case .error(let code, let status): .error(code, status: status)
      case .asking(let wait): .error("SlowDown", headers: ["x-amz-retry-after": wait])
      case .later(let wait): .error("ThrottlingException", status: 429, headers: ["Retry-After": wait])
      case .broken(let kind): throw HTTPError(kind, message: "broken")
      }
    }
  }

  private let clock = VirtualClock()
  private static let failing = Answer.error("InternalServerError", 500)
  private static let throttled = Answer.error("ThrottlingException", 400)

  /// A service that gives these answers in turn, the last one for ever.
  private func service(_ answers: [Answer]) -> FakeService {
    FakeService { _, number throws(HTTPError) in try answers[min(number, answers.count) - 1].get() }
  }

  @Test(
    arguments: [
      ([.success], [], nil),
      ([failing, .success], [0.025], nil),
      ([failing, failing, .success], [0.025, 0.05], nil),
      ([failing], [0.025, 0.05], "AWS.InternalServerError"),
      ([throttled, .success], [0.5], nil),
      ([throttled], [0.5, 1], "AWS.ThrottlingException"),
      // The second pause is that of a second failure, whatever the first one was.
      ([failing, throttled, .success], [0.025, 1], nil),
      ([throttled, failing, .success], [0.5, 0.05], nil),
      ([.broken(.interrupted), .success], [0.025], nil),
      ([.broken(.timeout), .broken(.connection), .success], [0.025, 0.05], nil),
      ([.broken(.nameResolution), .success], [0.025], nil),
      ([.broken(.tls)], [], "AWS.Unreachable"), ([.broken(.cancelled)], [], "AWS.Unreachable"),
      ([.broken(.invalidRequest)], [], "AWS.Unreachable"),
      ([.error("AccessDeniedException", 400)], [], "AWS.AccessDeniedException"),
      ([failing, .error("AccessDeniedException", 400)], [0.025], "AWS.AccessDeniedException"),
      ([.asking("3000"), .success], [3], nil), ([.asking("100"), .success], [0.5], nil),
      ([.asking("3600000"), .success], [5.5], nil),
      ([.asking("600"), .asking("60000"), .success], [0.6, 6], nil),
      ([.later("3"), .success], [3], nil), ([.later("3600"), .success], [5.5], nil),
      ([.later("Wed, 21 Oct 2026 07:28:00 GMT"), .success], [0.5], nil),
      ([.later("-1"), .success], [0.5], nil),
      ([.later("99999999999999999999999"), .success], [0.5], nil),
      // What is no whole number of milliseconds is as good as nothing.
      ([.asking("-1000"), .success], [0.5], nil), ([.asking("soon"), .success], [0.5], nil),
      ([.asking("nan"), .success], [0.5], nil), ([.asking("inf"), .success], [0.5], nil),
      ([.asking("99999999999999999999999"), .success], [0.5], nil), ([.asking(""), .success], [0.5], nil),
    ] as [([Answer], [Double], String?)])
  func answers(answers: [Answer], sleeps: [Double], outcome: String?) async throws {
    let service = service(answers)
    #expect(await (try Caller(service, clock.clock(), random: 0.5)).call() == outcome)
    #expect(clock.sleeps == sleeps.map { .seconds($0) })
    #expect(service.calls.count == sleeps.count + 1)
  }

  @Test(arguments: [("1", 1), ("2", 2), ("", 3), ("7", 7)])
  func maximumAttempts(variable: String, count: Int) async throws {
    let service = service([Self.failing])
    let environment = ["AWS_MAX_ATTEMPTS": variable]
    _ = await (try Caller(service, clock.clock(), random: 0, environment: environment)).call()
    #expect(service.calls.count == count)
  }

  /// One bucket for all calls of a client: 35 transient retries or 100 of throttling, and no more.
  @Test(arguments: [(failing, 35), (throttled, 100)])
  func theBucketRunsDry(answer: Answer, retries: Int) async throws {
    let service = service([answer])
    let caller = try Caller(service, clock.clock(), random: 0)
    for _ in 0..<80 { _ = await caller.call() }
    #expect(service.calls.count == 80 + retries)
  }

  /// 500 − 35 × 14 = 10 tokens are left. A success without a retry gives 1: after four of them there is one
  /// more retry to be had; the success after it gives its 14 back, so the next may retry, too.
  @Test func successesFillTheBucket() async throws {
    let drained = 18 + 35
    let successes = 4
    let service = FakeService { _, number throws(HTTPError) in
      let isSuccess =
        (drained + 1...drained + successes).contains(number) || number == drained + successes + 2
        || number == drained + successes + 4
      return isSuccess ? .json("{}") : .error("InternalServerError", status: 500)
    }
    let caller = try Caller(service, clock.clock(), random: 0)
    for _ in 0..<18 { _ = await caller.call() }
    #expect(service.calls.count == drained)
    for _ in 0..<successes { #expect(await caller.call() == nil) }
    for _ in 0..<2 { #expect(await caller.call() == nil) }
    #expect(service.calls.count == drained + successes + 4)
    // 14 tokens: one retry, and then none.
    #expect(await caller.call() == "AWS.InternalServerError")
    #expect(service.calls.count == drained + successes + 6)
    #expect(await caller.call() == "AWS.InternalServerError")
    #expect(service.calls.count == drained + successes + 7)
  }

  /// Credentials rotate during a run: a retry is signed with those of its own time.
  @Test func everyAttemptReadsTheCredentials() async throws {
    let service = service([Self.failing, .success])
    var dependencies = service.dependencies(clock.clock())
    let variables = dependencies.environment
    let reads = Mutex(0)
    dependencies.environment = { name in
      guard name == "AWS_ACCESS_KEY_ID" else { return variables(name) }
      return reads.withLock { count in
        count += 1
        return "KEY\(count)"
      }
    }
    let client = try ServiceClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies)
    let _: [String: String] = try await client.call("Ask", region: .virginia, [String: String]())
    let keys = service.calls.map { $0.request.headers["Authorization"]?.prefix { $0 != "/" } }
    #expect(keys == ["AWS4-HMAC-SHA256 Credential=KEY1", "AWS4-HMAC-SHA256 Credential=KEY2"])
  }
}
