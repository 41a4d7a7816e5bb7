import Glibc
import Testing

@testable import LambdaRuntime

@Suite(.serialized) struct EnvironmentSlotTests {
  private func read(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  @Test func theEnvironmentShowsTheLastValue() {
    let slot = EnvironmentSlot("SDWAN_TEST_SLOT")
    for value in ["Root=1-a", "longer than the one before", "", "short", String(repeating: "x", count: 4096)]
    {
      slot.set(value)
      #expect(read("SDWAN_TEST_SLOT") == value)
    }
    slot.set(nil)
    #expect(read("SDWAN_TEST_SLOT") == nil)
    slot.set("again")
    #expect(read("SDWAN_TEST_SLOT") == "again")
  }

  @Test func whatIsNoValueTakesTheVariableAway() {
    let slot = EnvironmentSlot("SDWAN_TEST_OTHER_SLOT")
    for wrong in [String(repeating: "x", count: 4097), "a\u{0}b"] {
      slot.set("right")
      slot.set(wrong)
      #expect(read("SDWAN_TEST_OTHER_SLOT") == nil)
    }
  }
}
