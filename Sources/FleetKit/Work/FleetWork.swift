import SSMKit

/// What is done on the targets of a fleet: which command each gets, and what its end means.
///
/// The least that a work says is ``targets`` and ``command(for:_:after:)``; everything else has a usual answer.
public protocol FleetWork: Sendable {
  /// What is worth knowing of a target beside the output.
  associatedtype Details: TargetDetails = NoDetails

  /// What the commands are for, in their comments.
  var purpose: String { get }
  /// What tells its commands from those of the execution's other works.
  var kind: String { get }
  /// Whom it is done to; their names are distinct.
  var targets: [Target] { get }
  /// Whether hosts that are not online in Systems Manager yet are waited for, because they may have just been born.
  var waitsForHosts: Bool { get }

  /// Whether it needs the whole outputs. Of many targets those that are well are only known by the first 2,500 characters
  /// otherwise, which cost no calls.
  var readsOutputs: Bool { get }

  /// The next command of a look at a target.
  ///
  /// One that is too large for Run Command's 24,000 characters of output may take several. The first one stands for
  /// the look; the others follow when it has ended, one after another.
  /// - Parameter said: how the look's earlier commands have ended.
  /// - Returns: nil when there is nothing more to be asked, or nothing at all.
  /// - Throws: ``Obstacle`` when what the command needs is not known.
  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument?

  /// What the ends of a look's commands mean.
  /// - Parameter said: how they have ended, the first one's end first; empty where there was nothing to be asked.
  func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<Details>

  /// For how long a target is looked at again whose state may still come up.
  func patience(with target: Target) throws(Obstacle) -> Duration

  /// What is known of a target of which nothing could be asked.
  func details(of target: Target, without reason: String) -> Details

  /// The results, once all are there: what one target's says of another's can be put in.
  func completed(_ results: [String: TargetResult<Details>]) -> [String: TargetResult<Details>]

  /// What the results tell CloudWatch, beside the counts of targets.
  func measurements(of results: [String: TargetResult<Details>]) -> [Measurement]

  /// What the summary says behind the counts; begins with `; ` unless it is empty.
  func remark(on results: [String: TargetResult<Details>]) -> String
}

extension FleetWork {
  /// The purpose.
  public var kind: String { purpose }
  /// None are waited for.
  public var waitsForHosts: Bool { false }
  /// It does.
  public var readsOutputs: Bool { true }
  /// The end of the last command is the target's.
  public func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<Details> {
    Conclusion(TargetResult(said.last ?? CommandResult(.success)))
  }
  /// Nobody is looked at again.
  public func patience(with target: Target) throws(Obstacle) -> Duration { .zero }
  /// Nothing.
  public func details(of target: Target, without reason: String) -> Details { Details() }
  /// As they are.
  public func completed(_ results: [String: TargetResult<Details>]) -> [String: TargetResult<Details>] {
    results
  }
  /// Nothing.
  public func measurements(of results: [String: TargetResult<Details>]) -> [Measurement] { [] }
  /// Nothing.
  public func remark(on results: [String: TargetResult<Details>]) -> String { "" }
}

/// Why nothing can be done to a target.
public struct Obstacle: Error, Sendable, Hashable {
  /// In words.
  public var reason: String

  /// An obstacle.
  public init(_ reason: String) { self.reason = reason }
}

/// Which of the looks at a target a command belongs to.
public struct Look: Sendable, Hashable {
  /// How many looks there have been before.
  public var number: Int
  /// Whether this one asks for reasons, because the last one could not tell why the state is as it is.
  public var asksWhy: Bool

  /// A look; the first one asks for no reasons.
  public init(number: Int = 0, asksWhy: Bool = false) {
    self.number = number
    self.asksWhy = asksWhy
  }
}

/// What the end of a look means.
public struct Conclusion<Details: TargetDetails>: Sendable {
  /// Of the target, should this have been the last look.
  public var result: TargetResult<Details>
  /// Whether another look may find a better state.
  public var mayComeUp: Bool
  /// Whether another look should ask why the state is as it is, because this one did not.
  public var lacksReasons: Bool

  /// A result that nothing will change, unless it is said otherwise.
  public init(_ result: TargetResult<Details>, mayComeUp: Bool = false, lacksReasons: Bool = false) {
    self.result = result
    self.mayComeUp = mayComeUp
    self.lacksReasons = lacksReasons
  }
}
