import AWSClient
import Foundation
import SDWAN
import Testing

@testable import OperatorTool

@Suite struct DrawingTests {
  /// Hubs with branches, and branches with each other, in regions.
  private func network(hubs: Int, branches: Int, regions: [String]) throws -> Topology {
    var (routers, tunnels): ([Router], [Tunnel]) = ([], [])
    func address(_ number: Int) -> IPv4Address { IPv4Address(bits: 0x0A00_0000 + UInt32(number)) }
    for (place, name) in regions.enumerated() {
      let region = try #require(Region(name))
      for hub in 0..<hubs {
        let hubName = "hub\(place)-\(hub)"
        routers.append(
          Router(name: hubName, region: region, role: .sdwan, loopback: address(routers.count + 1)))
        for branch in 0..<branches {
          let branchName = "branch\(place)-\(hub)-\(branch)"
          routers.append(
            Router(name: branchName, region: region, role: .branch, loopback: address(routers.count + 1)))
          let base = 0xA9FE_0000 + UInt32(tunnels.count * 4)
          tunnels.append(
            Tunnel(
              name: "t\(tunnels.count)",
              .init(
                router: hubName, vti: "vti\(branch)",
                address: IPv4Interface(address: IPv4Address(bits: base + 1), prefixLength: 30)),
              .init(
                router: branchName, vti: "vti0",
                address: IPv4Interface(address: IPv4Address(bits: base + 2), prefixLength: 30))))
        }
      }
    }
    return try Topology(routers: routers, tunnels: tunnels)
  }

  @Test(arguments: [(1, 1), (1, 12), (3, 10), (7, 3), (12, 0)])
  func nothingOverlaps(hubs: Int, branches: Int) throws {
    let topology = try network(
      hubs: hubs, branches: branches, regions: ["us-east-1", "eu-central-1", "ap-south-1"])
    let layout = NetworkLayout(topology)
    let boxes = topology.routers.compactMap { layout.boxes[$0.name] }
    #expect(boxes.count == topology.routers.count)
    for (index, one) in boxes.enumerated() {
      #expect(
        one.x >= 0 && one.y >= 0 && one.x + one.width <= layout.width && one.y + one.height <= layout.height)
      for other in boxes[(index + 1)...] {
        let isApart =
          one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y
          || other.y + other.height <= one.y
        #expect(isApart)
      }
    }
    // Each router is drawn in its own region's frame.
    for router in topology.routers {
      let frame = try #require(layout.regions.first { $0.name == router.region.name }?.box)
      let box = try #require(layout.boxes[router.name])
      #expect(frame.x <= box.x && box.x + box.width <= frame.x + frame.width)
      #expect(frame.y <= box.y && box.y + box.height <= frame.y + frame.height)
    }
  }

  @Test func thePictureIsXML() throws {
    var drawing = NetworkDrawing(try network(hubs: 1, branches: 2, regions: ["us-east-1"]))
    drawing.tunnels["t0"] = (.ill, "100 % <lost> & gone")
    drawing.routers["hub0-0"] = .ill
    let root = try XMLReader.read(Array(drawing.svg.utf8))
    #expect(root.name == "svg" && root.all("line").count == 2)
    #expect(root.all("text").contains { $0.text == "100 % <lost> & gone" })
    #expect(root.all("text").contains { $0.text == "✗ hub0-0" })
  }

  @Test func otherLanguages() throws {
    let network = try network(hubs: 1, branches: 1, regions: ["us-east-1"])
    #expect(
      GraphText.mermaid(network) == """
        flowchart LR
          subgraph us-east-1
            r0("branch0-0-0")
            r1{{"hub0-0"}}
          end
          r1 ---|"t0"| r0
        """)
    #expect(GraphText.dot(network).contains("  \"hub0-0\" -- \"branch0-0-0\" [label=\"t0\"];"))
  }
}
