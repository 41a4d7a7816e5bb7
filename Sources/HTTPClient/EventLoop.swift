import CLibcurl
import Glibc
import Groundwork
import Synchronization

/// One thread that runs Swift tasks, timers and libcurl transfers in turn.
///
/// It is a task executor and a serial executor: a bootstrap drains it on its main thread with
/// ``run(_:)``, so an invocation needs no other thread; programs that already have an async main give it
/// a thread of its own with ``startThread()``.
///
/// `@unchecked Sendable`: the libcurl multi handle, the timers and the watched descriptors are touched on
/// the loop's thread only (`perform`, timers and watches are reached through ``CurlClient``'s isolation or
/// from ``run(_:)`` itself); what other threads reach, the queue of jobs, is behind a mutex.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private struct Inbox {
    var jobs: [UnownedJob] = []
    /// Nobody is to wait any more: what comes from now on is refused.
    var stopping = false
    /// Whether a thread runs the loop.
    var isRun = false
  }

  private let inbox = Mutex(Inbox())
  private let thread = Mutex<pthread_t?>(nil)
  private var batch: [UnownedJob] = []
  private var timers = TimerQueue()
  private var watches: [Watch] = []
  let multi: TransferTable

  private struct Watch {
    let descriptor: Int32
    let whenReadable: @Sendable () -> Void
  }

  /// A loop that nobody runs yet.
  /// - Throws: ``HTTPError`` when libcurl can't be initialised (out of memory).
  public init() throws(HTTPError) {
    multi = try TransferTable()
  }

  // MARK: Running

  /// Runs the loop on the calling thread until `body` has returned; its value, a process's exit status, is the
  /// result. Nobody else may be running it. What is under way then ends as with ``stop()``. Not generic: the types
  /// that a generic one makes at run time cost 0.05 ms of every cold start.
  public func run(_ body: @escaping @Sendable () async -> Int32) -> Int32 {
    let outcome = Outcome()
    beginAlone()
    thread.withLock { $0 = pthread_self() }
    multi.restart()
    Task(executorPreference: self) { outcome.set(await body()) }
    while true {
      turn()
      guard let status = outcome.status else { continue }
      inbox.withLock { $0.stopping = true }
      tellThoseWhoWait()
      // What they do then is not waited for.
      if !leave() { spawn() }
      return status
    }
  }

  /// Runs the loop on a new thread until ``stop()``. One that is running already goes on.
  public func startThread() {
    if begin() { spawn() } else { multi.wakeUp() }
  }

  /// False when there is a thread already.
  private func begin() -> Bool {
    inbox.withLock { inbox in
      defer { inbox.isRun = true }
      inbox.stopping = false
      return !inbox.isRun
    }
  }

  /// Begins when a thread that only tells those who came late has left: it would take jobs beside this one.
  private func beginAlone() {
    func canBegin() -> Bool {
      inbox.withLock { inbox in
        guard !inbox.isRun || !inbox.stopping else { return false }
        (inbox.isRun, inbox.stopping) = (true, false)
        return true
      }
    }
    while !canBegin() { sched_yield() }
  }

  private func spawn() {
    let retained = Unmanaged.passRetained(self)
    var handle = pthread_t()
    pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().runUntilStopped()
        return nil
      }, retained.toOpaque())
    pthread_detach(handle)
  }

  /// Ends the thread of ``startThread()`` after the jobs that are already queued. Transfers that are under way and
  /// those that come later fail (``HTTPError/Kind/stopped``), sleepers wake with a `CancellationError`: nobody waits
  /// for ever on a loop that stands still.
  public func stop() {
    inbox.withLock { $0.stopping = true }
    multi.wakeUp()
  }

  /// Whether nobody is to wait any more.
  var isStopping: Bool { inbox.withLock { $0.stopping } }

  private func runUntilStopped() {
    thread.withLock { $0 = pthread_self() }
    repeat {
      if !isStopping { multi.restart() }
      while !isStopping { turn() }
      // What the told ones do may wait again. Whoever comes after a new start waits for the next round.
      repeat { tellThoseWhoWait() } while runQueuedJobs(whileStopping: true)
    } while !leave()
  }

  private func tellThoseWhoWait() {
    multi.stop()
    for timer in timers.takeAll() { timer.cancel() }
  }

  /// Lets go of the loop; false when there is something to do again.
  private func leave() -> Bool {
    inbox.withLock {
      $0.isRun = !$0.stopping || !$0.jobs.isEmpty
      return !$0.isRun
    }
  }

  /// One round: queued jobs, finished transfers, due timers; sleeps only when there was nothing to do.
  private func turn() {
    let ran = runQueuedJobs()
    let finished = multi.advance()
    let woke = wake()
    if ran || finished || woke { return }
    let ready = multi.wait(alsoReading: watches.map(\.descriptor), milliseconds: millisecondsToNext())
    for watch in watches where ready.contains(watch.descriptor) { watch.whenReadable() }
  }

  /// Fires what is due; true when there was a timer. Where nothing ever is, as between two invocations, nobody asks what
  /// time it is.
  private func wake() -> Bool {
    guard nextDeadline != .never else { return false }
    multi.expire()
    let due = timers.takeDue(now: .now)
    for timer in due { timer.fire() }
    return !due.isEmpty
  }

  private var nextDeadline: Deadline { min(timers.next, multi.nextDeadline) }

  private static let longestWait = 3_600_000.0

  /// Milliseconds until something is due, rounded up, an hour at most.
  private func millisecondsToNext() -> Int32 {
    let left = nextDeadline == .never ? nil : nextDeadline.left(at: .now)
    return Int32(min(max((left?.inSeconds ?? .infinity) * 1000, 0), Self.longestWait).rounded(.up))
  }

  private func runQueuedJobs(whileStopping: Bool = false) -> Bool {
    inbox.withLock { if $0.stopping || !whileStopping { swap(&$0.jobs, &batch) } }
    if batch.isEmpty { return false }
    for job in batch {
      job.runSynchronously(
        isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
    batch.removeAll(keepingCapacity: true)
    return true
  }

  // MARK: Executor

  /// Queues a job; may be called from any thread.
  public func enqueue(_ job: UnownedJob) {
    // A stopped loop gets a thread for as long as it takes to tell the late ones.
    let isAlone = inbox.withLock {
      $0.jobs.append(job)
      guard $0.stopping, !$0.isRun else { return false }
      $0.isRun = true
      return true
    }
    if isAlone { return spawn() }
    if !isCurrentThread { multi.wakeUp() }
  }

  /// Queues a job; may be called from any thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    enqueue(UnownedJob(job))
  }

  /// The loop as the executor of an actor.
  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  /// The loop as the executor that tasks prefer.
  public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
    UnownedTaskExecutor(ordinary: self)
  }

  private var isCurrentThread: Bool {
    thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  // MARK: What CurlClient reaches on the loop's thread

  func addTimer(_ timer: Timer) { timers.insert(timer) }

  func removeTimer(_ id: UInt64) -> Timer? { timers.remove(id) }

  func addWatch(_ descriptor: Int32, _ whenReadable: @escaping @Sendable () -> Void) {
    watches.append(Watch(descriptor: descriptor, whenReadable: whenReadable))
  }
}

/// The status that ``EventLoop/run(_:)`` waits for.
private final class Outcome: Sendable {
  private static let unset = Int64.max
  private let stored = Atomic(unset)

  /// Cheap enough to ask in every round of the loop, which a lock is not.
  var status: Int32? { Int32(exactly: stored.load(ordering: .acquiring)) }

  func set(_ status: Int32) { stored.store(Int64(status), ordering: .releasing) }
}
