import FleetKit
import Groundwork
import HTTPClient
import FleetTesting
import Testing

@testable import AWSClient

@Suite struct CallTests {
  private struct Empty: Codable {}
  private struct Named: Decodable { var name: String }
  private let clock = VirtualClock()

  private func call(
    _ service: FakeService, drift: Double = 0, isRepeatable: Bool = true, environment: [String: String] = [:]
  ) async throws -> Result<Named, FailedCall> {
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM",
      service.dependencies(clock.clock(drift: .seconds(drift)), environment: environment))
    var options = ServiceClient.Options()
    options.isRepeatable = isRepeatable
    do throws(FailedCall) {
      return .success(try await client.call("Ask", region: .virginia, Empty(), options: options))
    } catch {
      return .failure(error)
    }
  }

  @Test func requestIsSignedAndAddressed() async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json(#"{"name":"x"}"#) }
    #expect(try await call(service).get().name == "x")
    let request = try #require(service.calls.first).request
    #expect(request.url == "https://ssm.us-east-1.amazonaws.com/")
    #expect(request.headers["X-Amz-Target"] == "AmazonSSM.Ask")
    #expect(request.headers["X-Amz-Security-Token"] == "token")
    #expect(request.headers["X-Amz-Date"] == "20260131T120000Z")
  }

  @Test(arguments: [
    ("ThrottlingException", 400, 3), ("InternalServerError", 500, 3), ("AccessDenied", 400, 1),
  ])
  func attempts(code: String, status: Int, count: Int) async throws {
    let service = FakeService { _, _ throws(HTTPError) in .error(code, status: status) }
    let result = try await call(service)
    guard case .failure(let failure) = result else { return #expect(Bool(false), "it should fail") }
    #expect(failure.error.type == "AWS.\(code)")
    #expect(failure.error.description.contains("said \(code)"))
    #expect(service.calls.count == count)
  }

  @Test func aRetrySucceeds() async throws {
    let service = FakeService { _, number throws(HTTPError) in
      number < 3 ? .error("ThrottlingException") : .json(#"{"name":"late"}"#)
    }
    #expect(try await call(service).get().name == "late")
    #expect(clock.sleeps == [.seconds(0.5), .seconds(1)])
  }

  @Test func maximumAttemptsOfTheEnvironment() async throws {
    let service = FakeService { _, _ throws(HTTPError) in .error("SlowDown") }
    _ = try await call(service, environment: ["AWS_MAX_ATTEMPTS": "5"])
    #expect(service.calls.count == 5)
  }

  @Test(arguments: [(true, 1), (false, 3)])
  func whatMustNotHappenTwiceIsNotSentAgain(mayHaveArrived: Bool, count: Int) async throws {
    let service = FakeService { _, _ throws(HTTPError) in
      throw HTTPError(.interrupted, message: "reset", mayHaveArrived: mayHaveArrived)
    }
    let result = try await call(service, isRepeatable: false)
    guard case .failure(let failure) = result else { return #expect(Bool(false), "it should fail") }
    #expect(failure.error.type == "AWS.Unreachable")
    #expect(failure.mayHaveHappened == mayHaveArrived)
    #expect(service.calls.count == count)
  }

  @Test(arguments: [600.0, -600])
  func aWrongClockIsCorrected(drift: Double) async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      let now: HTTPHeaders = ["Date": "Sat, 31 Jan 2026 12:00:00 GMT"]
      let isRight = call.request.headers["X-Amz-Date"]?.hasPrefix("20260131T1200") ?? false
      return isRight
        ? .json(#"{"name":"x"}"#, headers: now) : .error("InvalidSignatureException", headers: now)
    }
    #expect(try await call(service, drift: drift).get().name == "x")
    #expect(service.calls.count == 2)
  }

  @Test func aWrongKeyIsNoClockSkew() async throws {
    let service = FakeService { _, _ throws(HTTPError) in
      .error("InvalidSignatureException", headers: ["Date": "Sat, 31 Jan 2026 12:00:00 GMT"])
    }
    _ = try await call(service)
    #expect(service.calls.count == 1)
  }

  @Test func htmlIsNoAnswer() async throws {
    let service = FakeService { _, _ throws(HTTPError) in
      HTTPResponse(
        status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>login</html>".utf8))
    }
    guard case .failure(let failure) = try await call(service) else {
      return #expect(Bool(false), "it should fail")
    }
    #expect(failure.error.type == "AWS.Unreachable")
    #expect(failure.error.description.contains("text/html"))
  }

  @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
  func missingCredentialsAreNamed(variable: String) async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json("{}") }
    guard case .failure(let failure) = try await call(service, environment: [variable: ""]) else {
      return #expect(Bool(false), "it should fail")
    }
    #expect(failure.error.type == "Configuration.Invalid")
    #expect(failure.error.description.contains(variable))
    #expect(service.calls.isEmpty)
  }

  @Test(arguments: [
    (["AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"], "http://127.0.0.1:4566/"),
    (["AWS_ENDPOINT_URL": "http://a:1", "AWS_ENDPOINT_URL_SSM": "http://b:2/base/"], "http://b:2/base/"),
  ])
  func endpoints(environment: [String: String], url: String) async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json(#"{"name":"x"}"#) }
    _ = try await call(service, environment: environment)
    #expect(service.calls.first?.request.url == url)
  }

  @Test(arguments: [
    ("AWS_ENDPOINT_URL", "localhost:4566"), ("AWS_ENDPOINT_URL_SSM", "http://"),
    ("AWS_USE_FIPS_ENDPOINT", "perhaps"),
    ("AWS_USE_DUALSTACK_ENDPOINT", "1"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes"),
    ("AWS_MAX_ATTEMPTS", "0"), ("AWS_MAX_ATTEMPTS", "many"), ("AWS_CA_BUNDLE", "/no/such/file"),
  ])
  func wrongVariablesAreNamed(variable: String, value: String) async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json("{}") }
    let error = await #expect(throws: ConfigurationError.self) {
      _ = try await call(service, environment: [variable: value])
    }
    #expect(error?.description.contains("\(variable) is \"\(value)\"") == true)
  }
}
