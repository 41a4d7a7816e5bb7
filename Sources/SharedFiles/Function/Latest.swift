import Groundwork

extension Invocation {
  /// When there is no point in an answer any more: a second before the invocation's end.
  func latest(_ clock: Clock) -> Deadline {
    guard let deadline else { return .never }
    let left = max(deadline - clock.wall(), .zero)
    return Deadline(clock.now() + max(left - .seconds(1), .zero))
  }
}
