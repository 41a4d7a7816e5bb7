import FleetKit
import Groundwork
import Testing

@Suite struct TargetListTests {
  @Test func aFleet() throws {
    let list = try TargetList("HOSTS") { _ in " db=eu-central-1/i-01234567  web=us-east-1/i-0123456789abcdef0"
    }
    #expect(list.targets.map(\.name) == ["db", "web"])
    #expect(list.regions.map(\.name) == ["eu-central-1", "us-east-1"])
    #expect(try list.targets[0].place().instanceID.text == "i-01234567")
  }

  @Test(arguments: [
    nil, "", "db", "db=eu-central-1", "=eu-central-1/i-01234567", "db=eu-central-1/i-01234567/x",
    "db=nowhere/i-01234567", "db=eu-central-1/01234567",
    "db=eu-central-1/i-01234567 db=us-east-1/i-76543210",
  ])
  func aFleetThatIsNone(hosts: String?) {
    let error = #expect(throws: Failure.self) { try TargetList("HOSTS") { _ in hosts } }
    #expect(error?.type == "Configuration.Invalid" && error?.message.contains("HOSTS") == true)
  }
}
