import ArgumentParser
import Foundation
import SDWAN

/// The network as a picture.
struct Graph: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "The network as a picture: svg, mermaid or dot.",
    discussion: "With --topology it needs no AWS.")

  enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case svg, mermaid, dot }

  @Option(help: "The picture's language.")
  var format = Format.svg

  @Option(help: "A topology's file, in place of the deployed one.")
  var topology: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let network = try await network(tool)
    switch format {
    case .svg: print(NetworkDrawing(network).svg)
    case .mermaid: print(GraphText.mermaid(network))
    case .dot: print(GraphText.dot(network))
    }
    return .asWanted
  }

  private func network(_ tool: Tool) async throws(ToolError) -> Topology {
    guard let topology else { return try await NetworkConfiguration(tool).topology }
    guard let bytes = FileManager.default.contents(atPath: topology) else {
      throw .use("the file \(topology) can't be read")
    }
    do throws(TopologyError) { return try Topology(json: Array(bytes)) } catch {
      throw .use("\(topology): \(error.description)")
    }
  }
}
