import Groundwork

/// What a line of strongSwan's log says about a tunnel that does not come up. The words are those of 5.7 (VyOS 1.3)
/// and 5.9 (1.4 and 1.5); what stands before them differs with every logger.
enum Clue: Equatable {
  /// Nobody here is configured for who asks.
  case stranger
  /// The key that was used is not ours, or there is none.
  case wrongKey
  /// Nobody here has the id that was asked for, or the other end has another id.
  case wrongIdentity
  /// No common algorithms.
  case proposals
  /// IKE is fine, the tunnel in it was refused, or could not be installed, or was taken away.
  case child
  /// The other end does not believe us: our key or our id.
  case refused
  /// No answer.
  case silence
  /// This router's packets do not even leave it.
  case unsent
  /// IKE was up, and an end closed it.
  case closed
  /// The other end speaks.
  case answer
  /// IKE came up, so what was before is over.
  case established
  /// The tunnel came up.
  case installed

  /// nil for a line that says nothing about it.
  init?(_ line: String) {
    func says(_ words: String...) -> Bool { words.contains { line.contains($0) } }
    if says("no IKE config found for") {
      self = .stranger
    } else if says("but MAC mismatched", "no shared key found for") {
      self = .wrongKey
    } else if says("no matching peer config found", "constraint check failed: identity", "but require") {
      self = .wrongIdentity
    } else if says(
      "NO_PROPOSAL_CHOSEN notify", "proposals unacceptable", "proposals inacceptable",
      "no acceptable proposal found",
      "not contained in any of our proposals") || says("parsed ") && says("N(NO_PROP)")
    {
      self = .proposals
    } else if says("AUTHENTICATION_FAILED notify")
      || says("parsed IKE_AUTH response") && says("N(AUTH_FAILED)")
    {
      self = .refused
    } else if says(
      "no CHILD_SA built", "TS_UNACCEPTABLE", "N(TS_UNACCEPT)", "no acceptable traffic selectors found",
      "failed to establish CHILD_SA", "unable to install", "closing CHILD_SA", "CHILD_SA closed")
      || says("received DELETE for") && says("CHILD_SA")
    {
      self = .child
    } else if says("error writing to socket") {
      self = .unsent
    } else if says("giving up after", "peer not responding")
      || says("retransmit ") && says(" of request with message ID")
    {
      self = .silence
    } else if says("IKE_SA ") && says(" established between ") {
      self = .established
    } else if says("CHILD_SA ") && says(" established with SPIs") {
      self = .installed
    } else if says("deleting IKE_SA", "received DELETE for IKE_SA") {
      self = .closed
    } else if says("received packet: from", "parsed IKE_", "parsed CREATE_CHILD_SA", "parsed INFORMATIONAL") {
      self = .answer
    } else {
      return nil
    }
  }

  /// What is over once this was logged: who fails at a later point of the exchange has come past the earlier ones since
  /// (RFC 7296: first the algorithms and whom it is from, then ids, then keys, then the tunnel). What one failure says in
  /// several lines stays.
  func ends(_ earlier: Clue) -> Bool {
    switch self {
    case .installed, .established: true
    case .answer: [.silence, .unsent, .answer].contains(earlier)
    case .child: [.stranger, .wrongIdentity, .wrongKey, .refused].contains(earlier)
    case .wrongKey: [.stranger, .proposals, .wrongIdentity].contains(earlier)
    case .refused, .wrongIdentity: [.stranger, .proposals].contains(earlier)
    case .proposals, .silence: earlier == .stranger
    case .stranger, .unsent, .closed: false
    }
  }
}
