import ArgumentParser
import Groundwork

/// `--watch`: a page that is made anew every so often.
struct RepeatOptions: ParsableArguments, Sendable {
  @Flag(help: "Again and again, until Ctrl-C: --watch, or --watch=30s.")
  var watch = false

  @Option(help: .init("How often, with --watch.", visibility: .hidden))
  var every: String?

  /// Nothing is asked more often.
  private static let shortest = Duration.seconds(1)

  func validate() throws {
    guard let every else { return }
    guard watch else { throw ValidationError("--every is for --watch") }
    guard let span = Words.duration(every), span >= Self.shortest else {
      throw ValidationError("--watch=\(every) is no time of a second or more, such as 30s or 5m")
    }
  }

  func span(_ usual: Duration) -> Duration { every.flatMap { Words.duration($0) } ?? usual }
}

extension Tool {
  /// Shows a page once, or again and again: drawn over on a terminal, one after another elsewhere, a line each as JSON. A page
  /// that could not be made says why, and the next one is tried.
  func repeated(
    _ options: RepeatOptions, every usual: Duration,
    _ page: () async throws(ToolError) -> StatusPage
  ) async throws(ToolError) -> Outcome {
    guard options.watch else { return try await page().show() }
    let span = options.span(usual)
    let latest = global.timeout.map { Deadline(clock.now() + .seconds($0)) } ?? .never
    var view = LiveView(screen.console)
    var outcome = Outcome.asWanted
    while true {
      do throws(ToolError) {
        let page = try await page()
        outcome = page.outcome
        if screen.isLive {
          view.draw(
            (page.lines + [page.verdict, screen.colored("every \(Words.span(span)); Ctrl-C ends it", .dim)])
              .map(screen.fitted))
        } else {
          _ = page.show()
        }
      } catch {
        guard !Task.isCancelled else { return .interrupted }
        // A mistake of the operator's stays one.
        guard error.outcome == .unreachable else { throw error }
        screen.console.complain("sdwan: \(error.message)")
        view.leave()
      }
      if latest.hasCome(at: clock.now()) { return outcome }
      do { try await clock.sleep(span) } catch { return .interrupted }
    }
  }
}
