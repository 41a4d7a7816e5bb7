import Foundation
import Orchestration
import Testing

@testable import OperatorTool

@Suite struct CostTests {
  /// The two forms in which Lambda reports, as its documentation shows them.
  @Test func reports() {
    let text = BilledInvocation(
      "REPORT RequestId: 1f\tDuration: 79.67 ms\tBilled Duration: 80 ms\tMemory Size: 128 MB\tMax Memory Used: 73 MB\tInit Duration: 100 ms"
    )
    let json = BilledInvocation(
      #"{"time": "2026-01-01T00:00:00Z", "type": "platform.report", "record": {"requestId": "1f", "metrics": {"durationMs": 79.67, "billedDurationMs": 80, "memorySizeMB": 128, "maxMemoryUsedMB": 73}, "status": "success"}}"#
    )
    #expect(text == json && text?.milliseconds == 80 && text?.memory == 128 && text?.used == 73)
    #expect(text?.gigabyteSeconds == 0.01)
    for line in ["", "START RequestId: 1f", #"{"type": "platform.start"}"#, "a REPORT of somebody's"] {
      #expect(BilledInvocation(line) == nil)
    }
  }

  @Test func sums() throws {
    let execution = try JSONDecoder().decode(
      Execution.self, from: Data(#"{"executionArn": "a:x", "status": "SUCCEEDED", "startDate": 1}"#.utf8))
    var cost = ExecutionCost(execution)
    cost.transitions = 1000
    for architecture in ["x86_64", "arm64"] {
      let report = try #require(
        BilledInvocation(
          "REPORT RequestId: 1\tBilled Duration: 1000 ms\tMemory Size: 1024 MB\tMax Memory Used: 99 MB"))
      cost.add(report, architecture)
    }
    #expect(cost.invocations == 2 && cost.gbSeconds == 2 && cost.maxMemoryMb == 99)
    #expect(abs(cost.usd - (0.025 + 0.0000166667 + 0.0000133334 + 0.0000004)) < 1e-12)
  }
}
