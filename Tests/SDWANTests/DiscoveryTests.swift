import AWSClient
import HTTPClient
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

@Suite struct DiscoveryTests {
  private func discover(
    _ service: FakeService, _ scopes: [Region: Discovery.Scope] = [.virginia: .all, .frankfurt: .all]
  ) async throws -> Discovery {
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    return await InstanceStore(store: ParameterStore(client), prefix: ParameterPrefix(of: .network)).discover(
      scopes, latest: .never)
  }

  @Test func allPagesOfAllRegions() async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      let region = call.request.url.contains("us-east-1") ? "nv" : "fra"
      switch call.body["NextToken"] {
      case nil:
        return .json(
          #"{"Parameters":[{"Name":"/sdwan/\#(region)-a/instance-id","Value":"1"}],"NextToken":"t1"}"#)
      case "t1": return .json(#"{"Parameters":[],"NextToken":"t2"}"#)
      default:
        return .json(
          #"{"Parameters":[{"Name":"/sdwan/\#(region)-a/outside-eip","Value":"2"},{"Name":"/sdwan/other","Value":"3"},{"Name":"/sdwan/\#(region)-a/x/y","Value":"4"}]}"#
        )
      }
    }
    let discovery = try await discover(service)
    #expect(discovery.values[.virginia] == ["nv-a": [.instanceID: "1", .outsideEIP: "2"]])
    #expect(discovery.values[.frankfurt] == ["fra-a": [.instanceID: "1", .outsideEIP: "2"]])
    #expect(discovery.failures.isEmpty)
    #expect(service.calls.count == 6)
    #expect(service.calls.allSatisfy { $0.body["Path"] == "/sdwan" })
  }

  @Test func aFewInstances() async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      let path = call.body["Path"] ?? ""
      return path.hasSuffix("nv-c")
        ? .error("AccessDeniedException")
        : .json(#"{"Parameters":[{"Name":"\#(path)/instance-id","Value":"\#(path)"}]}"#)
    }
    let discovery = try await discover(
      service, [.virginia: .instances(["nv-a", "nv-b"]), .frankfurt: .instances([])])
    #expect(
      discovery.values == [
        .virginia: ["nv-a": [.instanceID: "/sdwan/nv-a"], "nv-b": [.instanceID: "/sdwan/nv-b"]],
        .frankfurt: [:],
      ])
    #expect(service.calls.count == 2)
    // One that may not be read is no instance without parameters.
    let failed = try await discover(service, [.virginia: .instances(["nv-a", "nv-c"])])
    #expect(failed.failures[.virginia]?.type == "AWS.AccessDeniedException")
  }

  @Test func aTokenThatComesBackEndsTheSearch() async throws {
    let service = FakeService { _, _ throws(HTTPError) in .json(#"{"Parameters":[],"NextToken":"again"}"#) }
    #expect(try await discover(service).values[.virginia]?.isEmpty == true)
    #expect(service.calls.count == 4)
  }

  @Test func aRegionThatFailsDoesNotSpoilTheOther() async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      call.request.url.contains("eu-central-1")
        ? .error("AccessDeniedException")
        : .json(#"{"Parameters":[{"Name":"/sdwan/nv-a/instance-id","Value":"1"}]}"#)
    }
    let discovery = try await discover(service)
    #expect(discovery.failures[.frankfurt]?.type == "AWS.AccessDeniedException")
    #expect(discovery.values[.virginia]?.count == 1)
  }

  /// Of what lies below the prefix only the wanted instances' is kept, and no value that can't be right.
  @Test func foreignParametersAreNotKept() async throws {
    let service = FakeService { call, number throws(HTTPError) in
      let long = String(repeating: "9", count: 8000)
      let next = number < 500 ? #","NextToken":"t\#(number)""# : ""
      return .json(
        #"{"Parameters":[{"Name":"/sdwan/other\#(number)/instance-id","Value":"\#(long)"},{"Name":"/sdwan/a/instance-id","Value":"\#(long)"}]\#(next)}"#
      )
    }
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    let found = await InstanceStore(store: ParameterStore(client), prefix: ParameterPrefix(of: .network))
      .discover(
        [.virginia: .all], keeping: ["a"], latest: .never)
    #expect(found.values[.virginia]?.keys.sorted() == ["a"] && found.count == 1000 && !found.isEmpty)
    #expect(found.values[.virginia]?["a"]?[.instanceID]?.utf8.count == 80)
  }
}
