import Testing

@testable import SDWAN

/// What a plan says that would change.
struct ConfigurationDiffTests {
  private static let wanted = [
    ConfigurationLine("interfaces loopback lo address", "10.255.0.1/32").owning(),
    ConfigurationLine("interfaces vti vti0 address", "169.254.100.1/30").owning(),
  ]
  private static let anew = ["+ container router"] + wanted.map { "+ \($0.shown)" }

  private func diff(_ recreate: Recreate?, container: Int = 0, state: String = "", configuration: Int = 0)
    throws
    -> [String]
  {
    let text = [
      ("container", container, "Name: router"), ("state", 0, state),
      ("configuration", configuration, "set interfaces loopback lo address '10.255.0.1/32'"),
      ("owned", 0, "interfaces loopback lo address 10.255.0.1/32\ninterfaces vti vti9"),
    ].map { "=====[ \($0) ]=====\n\($2)\n=====[ end \($0) \($1) ]=====\n" }.joined()
    return try ConfigurationDiff(
      wanted: Self.wanted, answers: Answers(output: text), recreate: recreate
    ).lines
  }

  @Test func onlyWhatIsMissingIsAddedAndOnlyOursIsDeleted() throws {
    #expect(try diff(nil) == ["+ interfaces vti vti0 address 169.254.100.1/30", "- interfaces vti vti9"])
    #expect(try diff(.changed, state: "mark") == ["+ interfaces vti vti0 address 169.254.100.1/30"])
  }

  @Test func aRouterThatIsMadeAnewLosesEverything() throws {
    #expect(try diff(.always) == ["- container router"] + Self.anew)
    #expect(try diff(.changed) == ["- container router"] + Self.anew)
    #expect(try diff(.never) == [])
    for recreate in [Recreate.always, .changed, .never, nil] {
      #expect(try diff(recreate, container: 1) == Self.anew)
    }
  }

  /// Otherwise the whole configuration would look new.
  @Test func anUnreadableConfigurationIsNoPlan() {
    #expect(throws: Unreadable.self) { try diff(nil, configuration: 1) }
  }
}
