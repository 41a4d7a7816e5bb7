import Groundwork

extension FleetServices {
  /// Judges a rollout: what it says as an execution's input, and its waves.
  /// - Parameters:
  ///   - name: the function's, for messages.
  ///   - roster: who may be rolled out; nil where the function admits nothing.
  /// - Returns: the answer as JSON.
  /// - Throws: ``Failure``, `Input.Invalid` for whatever is wrong with the input: nothing was done.
  func admit(
    _ invocation: Invocation, _ vocabulary: Vocabulary, for name: String, latest: Deadline,
    _ roster: (FleetEvent) async throws(Failure) -> Roster?
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
      return try admission.answer(to: invocation.event, for: event, size: input.event.count)
    } catch {
      throw error.type == "Event.Invalid" ? Failure(type: "Input.Invalid", message: error.message) : error
    }
  }
}
