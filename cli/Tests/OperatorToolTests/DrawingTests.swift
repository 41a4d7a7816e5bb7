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
      hubs: hubs, branches: branches, regions: ["us-east-1", "eu-central-1", "ap-south-1", "sa-east-1"])
    let layout = NetworkLayout(NetworkPicture(topology))
    #expect(layout.places.count == topology.routers.count && layout.rows.count == topology.tunnels.count)
    for (index, place) in layout.places.enumerated() {
      let one = place.box
      #expect(one.x >= 0 && one.y >= 0 && one.right <= layout.width && one.bottom <= layout.height)
      for other in layout.places[(index + 1)...].map(\.box) {
        let isApart =
          one.right <= other.x || other.right <= one.x || one.bottom <= other.y || other.bottom <= one.y
        #expect(isApart)
      }
      // Each router is drawn in its own region's frame.
      let name = topology.routers[place.router].region.name
      let frame = try #require(layout.regions.first { $0.name == name }?.box)
      #expect(frame.x <= one.x && one.right <= frame.right && frame.y <= one.y && one.bottom <= frame.bottom)
    }
  }

  /// A ring of branches below a hub, and two hubs with a tunnel between them: every tunnel has its row, and every router is at
  /// home once.
  @Test func aNetworkThatIsNoTree() {
    var picture = NetworkPicture(seen: [:])
    let names = ["h1", "h2", "a", "b", "alone"]
    picture.routers = names.map { .init(name: $0, region: "x", isHub: $0.hasPrefix("h")) }
    let pairs = [("h1", "a"), ("h1", "b"), ("h2", "a"), ("h1", "h2"), ("a", "b")]
    picture.tunnels = pairs.map { .init(name: "\($0)-\($1)", near: $0, far: $1) }
    let layout = NetworkLayout(picture)
    #expect(layout.rows.map(\.tunnel).sorted() == [0, 1, 2, 3, 4])
    let homes = layout.places.filter { !$0.isReference }.map { picture.routers[$0.router].name }
    #expect(homes.sorted() == names.sorted())
    let references = layout.places.filter(\.isReference).map { picture.routers[$0.router].name }
    #expect(references.sorted() == ["a", "a", "b", "h2"])
  }

  @Test func thePictureIsXML() throws {
    var picture = NetworkPicture(try network(hubs: 1, branches: 2, regions: ["us-east-1"]))
    (picture.tunnels[0].state, picture.tunnels[0].cause) = (.ill, "<lost> & gone\u{1B}")
    picture.routers[0].state = .ill
    let root = try XMLReader.read(Array(NetworkDrawing(picture).svg().utf8))
    #expect(root.name == "svg" && root.all("g").flatMap { $0.all("line") }.count == 3)
    let texts = root.all("g").flatMap { $0.all("text") }.map(\.text)
    #expect(texts.contains("down · <lost> & gone\u{FFFD}") && texts.contains("branch0-0-0"))
  }

  @Test func asText() throws {
    var picture = NetworkPicture(try network(hubs: 1, branches: 2, regions: ["us-east-1"]))
    (picture.tunnels[0].state, picture.tunnels[0].loss, picture.tunnels[0].roundTrip) = (.well, 0, 12.4)
    (picture.tunnels[1].state, picture.tunnels[1].cause) = (.ill, "key-mismatch")
    picture.routers[1].state = .ill
    #expect(
      NetworkText(picture, on: Screen(columns: 80)).lines.joined(separator: "\n") == """
        us-east-1
          hub0-0
          ├── branch0-0-0    ✓ up · 0 % loss · 12 ms
          └── ✗ branch0-0-1  ✗ down · key-mismatch
        """)
  }

  /// Both a topology by itself and Terraform's variables, as the examples are.
  @Test func topologyFiles() throws {
    let own = #"{"routers": {"nv-a": {"role": "sdwan", "loopback": "10.0.0.1/32"}}, "tunnels": []}"#
    for text in [own, #"{"topology": \#(own), "waves": [{"name": "all", "rest": true}]}"#] {
      #expect(try TopologyFile.topology(Array(text.utf8)).routers.map(\.name) == ["nv-a"])
    }
    #expect(throws: TopologyError.self) { try TopologyFile.topology(Array("[]".utf8)) }
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
