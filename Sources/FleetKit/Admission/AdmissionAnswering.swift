import Groundwork

extension FleetServices {
  /// Judges a rollout: what it says as an execution's input, and its waves.
  /// - Parameters:
  ///   - name: the function's, for messages.
  ///   - roster: who may be rolled out; nil where the function admits nothing.
  ///   - judge: has the last word on a wave with its items.
  /// - Returns: the answer as JSON.
  /// - Throws: ``Failure``, `Input.Invalid` for whatever is wrong with the input: nothing was done.
  func admit(
    _ invocation: Invocation, _ vocabulary: Vocabulary, for name: String, latest: Deadline,
    roster: (FleetEvent) async throws(Failure) -> Roster?,
    judge: (AdmittedWave, [String], FleetEvent) async throws(Failure) -> Void = {
      (_: AdmittedWave, _: [String], _: FleetEvent) async throws(Failure) in
    }
  ) async throws(Failure) -> [UInt8] {
    do throws(Failure) {
      let input = Invocation(
        requestID: invocation.requestID, event: try AdmissionMessage.event(in: invocation.event))
      let event = try FleetEvent(input, vocabulary, settings)
      guard let roster = try await roster(event) else {
        throw Failure.event("\(name) admits no rollouts")
      }
      let admission = Admission(
        roster: roster, standard: try await waves.value(latest: latest), vocabulary: vocabulary)
      let (waves, answer) = try admission.answer(to: invocation.event, for: event, size: input.event.count)
      let chosen = event.names.map { Set($0) }
      for wave in waves {
        try await judge(wave, wave.items.filter { chosen?.contains($0) ?? true }, event)
      }
      return answer
    } catch {
      throw error.type == "Event.Invalid" ? Failure(type: "Input.Invalid", message: error.message) : error
    }
  }
}
