import ArgumentParser
import SDWAN

/// The network as a picture.
struct Graph: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "The network as a picture: svg, mermaid, dot or text.",
    discussion: "With --topology it needs no AWS. svg and text show states where an execution is named.")

  enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case svg, mermaid, dot, text }

  @Option(help: "The picture's language.")
  var format = Format.svg

  @Option(help: "A topology's file, in place of the deployed one.")
  var topology: String?

  @Option(
    help: "With the states that an execution has found: a beginning of its name, or @N (@0 is the newest).")
  var execution: String?

  @Option(help: "With the states of a report's JSON, as scripts/run-local --report writes it.")
  var from: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if execution != nil, from != nil || topology != nil {
      throw ValidationError("--execution brings its own topology and states: leave out --from and --topology")
    }
    if execution != nil || from != nil, format != .svg, format != .text {
      throw ValidationError("states are shown by --format svg and text")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    if tool.screen.isJSON {
      tool.screen.say(json: Page(try await picture(tool)))
      return .asWanted
    }
    switch format {
    case .svg: tool.screen.console.write(NetworkDrawing(try await picture(tool).essence).svg() + "\n")
    case .text: NetworkText(try await picture(tool).essence, on: tool.screen).lines.forEach(tool.screen.say)
    case .mermaid: tool.screen.console.write(GraphText.mermaid(try await network(tool)) + "\n")
    case .dot: tool.screen.console.write(GraphText.dot(try await network(tool)) + "\n")
    }
    return .asWanted
  }

  /// docs/schema/graph.json: the whole network, whatever a picture leaves out.
  private struct Page: Encodable {
    struct Router: Encodable {
      var name: String, region: String, role: String, state: String?
    }

    struct Tunnel: Encodable {
      var name: String, routers: [String], state: String?, loss: Double?, rttMs: Double?, cause: String?
    }

    var routers: [Router]
    var tunnels: [Tunnel]

    init(_ picture: NetworkPicture) {
      routers = picture.routers.map {
        Router(
          name: $0.name, region: $0.region, role: $0.isHub ? "sdwan" : "branch", state: $0.state?.rawValue)
      }
      tunnels = picture.tunnels.map {
        Tunnel(
          name: $0.name, routers: [$0.near, $0.far], state: $0.state?.rawValue, loss: $0.loss,
          rttMs: $0.roundTrip, cause: $0.cause)
      }
    }
  }

  private func picture(_ tool: Tool) async throws(ToolError) -> NetworkPicture {
    if let execution {
      let whole = try await tool.described(try await tool.execution(execution).arn)
      let content = try await ReportContent(whole, tool)
      guard let picture = content.picture else { throw .refused("\(whole.name) has no network to draw") }
      return picture
    }
    guard let from else { return NetworkPicture(try await network(tool)) }
    var content = try ReportContent(file: try TopologyFile.bytes(from), named: from, network: global.name)
    if let topology { content.topology = try TopologyFile.read(topology) }
    guard let picture = content.picture else {
      throw .use("\(from) has no result of phase 3, and no --topology is given: there is nothing to draw")
    }
    return picture
  }

  private func network(_ tool: Tool) async throws(ToolError) -> Topology {
    if let topology { return try TopologyFile.read(topology) }
    return try await NetworkConfiguration(tool).topology
  }
}
