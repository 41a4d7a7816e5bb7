import JSON

/// Finds the jobs that a step says it has started. Those that it only speaks of, like one of somebody else that has
/// its servers, are none of them.
enum StartedJobs {
  /// What Lambda's answer has around a function's.
  private struct Output: Decodable {
    var payload: Payload

    private enum CodingKeys: String, CodingKey { case payload = "Payload" }
  }

  private struct Payload: Decodable {
    var jobs: [String]

    private struct State: Decodable { var own: RecoveryState? }
    private enum Key: String, CodingKey { case refs, state }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      // The answers of other steps have a state of another shape.
      let state = (try? fields.decodeIfPresent(State.self, forKey: .state)) ?? nil
      let refs = (try? fields.decodeIfPresent([String].self, forKey: .refs)) ?? nil
      jobs = (state?.own?.jobs ?? []) + (refs ?? [])
    }
  }

  /// - Parameter output: of an event of a history, as JSON.
  static func told(by output: String) -> [String] {
    let read = try? JSONReader().read(Output.self, from: Array(output.utf8))
    return read?.payload.jobs.filter(isID) ?? []
  }

  /// `drsjob-` and 17 letters or digits, as the service's model has it.
  private static func isID(_ text: String) -> Bool {
    text.hasPrefix("drsjob-") && text.utf8.count == 24
      && text.utf8.dropFirst(7).allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
      }
  }
}
