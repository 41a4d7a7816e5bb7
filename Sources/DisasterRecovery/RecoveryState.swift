import FleetKit

/// What a wave's step hands on: which jobs it has started, in its batches' order.
public struct RecoveryState: StepState, Equatable {
  /// Ids of the jobs: of the wave's first batches, in their order.
  public var jobs: [String] = []
  /// Why no more jobs are started; nil where nothing stands against it.
  var refusal: String?
  /// When a job was first seen as completed with servers that have no end, in seconds since 1970, by the job's place.
  var open: [String: Int] = [:]
  /// Questions so far.
  var looks = 0

  /// The jobs.
  public var refs: [String] { jobs }

  /// Seconds before the next question.
  var wait: Duration { .seconds(looks < 1 ? 15 : looks < 2 ? 30 : 60) }
}
