import Groundwork

/// Transfers that wait for a place, first come, first served, each until its deadline at most.
struct WaitingTransfers {
  private var transfers: [Transfer?] = []
  private var first = 0
  /// No transfer has to end before; it may be too early, after one was taken out.
  private(set) var nextDeadline = Deadline.never

  mutating func append(_ transfer: Transfer) {
    transfers.append(transfer)
    nextDeadline = min(nextDeadline, transfer.deadline)
  }

  mutating func popFirst() -> Transfer? {
    while first < transfers.count {
      defer { first += 1 }
      if let next = transfers[first] {
        transfers[first] = nil
        return next
      }
    }
    transfers.removeAll(keepingCapacity: true)
    first = 0
    nextDeadline = .never
    return nil
  }

  mutating func remove(_ transfer: Transfer) -> Bool {
    guard let index = transfers[first...].firstIndex(where: { $0 === transfer }) else { return false }
    transfers[index] = nil
    return true
  }

  /// Takes out those whose deadline has come.
  mutating func takeDue(now: Instant) -> [Transfer] {
    guard nextDeadline.hasCome(at: now) else { return [] }
    let waiting = transfers[first...].compactMap { $0 }
    transfers = waiting.filter { !$0.deadline.hasCome(at: now) }
    first = 0
    nextDeadline = waiting.lazy.map(\.deadline).filter { !$0.hasCome(at: now) }.min() ?? .never
    return waiting.filter { $0.deadline.hasCome(at: now) }
  }
}
