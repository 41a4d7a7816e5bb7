import AWSClient
import Foundation
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

/// What holds for every script that is sent to a host.
@Suite struct ScriptPropertyTests {
  private func forEachScript(_ name: String, cases: Int, _ body: (GeneratedScript) throws -> Void) throws {
    var random = SeededGenerator(name)
    for number in 0..<cases {
      let network = try RandomNetwork(&random)
      let version = VyOSVersion.allCases[number % 3]
      let router = try #require(network.topology.routers.randomElement(using: &random))
      for script in try GeneratedScript.all(of: router, in: network.topology, network.hosts, version) {
        try body(script)
      }
    }
  }

  /// P2 and P3.
  @Test func packagesAndSnaps() throws {
    try forEachScript("P2 P3", cases: RandomNetwork.cases) { script in
      guard script.text.contains("apt-get") else { return }
      let install = try #require(script.lines.first { $0.contains("apt-get install") })
      let words = Set(install.split(separator: " ").map(String.init))
      #expect(words.isSuperset(of: ["python3-pip", "net-tools", "tmux", "curl", "unzip", "jq"]))
      let snaps = script.lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
        $0.hasPrefix("snap ")
      }
      #expect(snaps.filter { $0.hasPrefix("snap install") }.count == 2)
      for (index, line) in snaps.enumerated() where line.hasPrefix("snap install") {
        #expect(index > 0 && snaps[index - 1].hasPrefix("snap wait system seed.loaded"))
      }
    }
  }

  /// P4: a script names its router's region and no other.
  @Test func region() throws {
    try forEachScript("P4 region", cases: RandomNetwork.cases) { script in
      let region = try script.variable("REGION")
      #expect(region == script.router.region.name)
      if let byName = Region.ofInstance(named: script.router.name) { #expect(region == byName.name) }
      let other: Region = script.router.region == .virginia ? .frankfurt : .virginia
      #expect(script.lines.allSatisfy { !$0.contains(other.name) || $0.contains("IMAGE_REGION") })
    }
  }

  @Test func bashAcceptsEveryScript() throws {
    try forEachScript("bash -n", cases: 100) { script in
      #expect(script.lines.first == "#!/bin/bash")
      let check = try Shell("/bin/bash", ["-n", "/dev/stdin"], input: script.text)
      #expect(check.status == 0 && check.stderr.isEmpty, "\(check.stderr)")
      guard let inner = Self.innerScript(of: script) else { return }
      #expect(inner.hasPrefix("#!/bin/vbash\n"))
      let innerCheck = try Shell("/bin/bash", ["-n", "/dev/stdin"], input: inner)
      #expect(innerCheck.status == 0 && innerCheck.stderr.isEmpty, "\(innerCheck.stderr)")
    }
  }

  /// A host whose lock is taken: nothing but `flock` is called.
  @Test func theLockComesFirst() throws {
    let network = try Topology.standard()
    let hosts = try RandomNetwork.standardHosts()
    for version in VyOSVersion.allCases {
      for router in network.routers.prefix(1) {
        for script in try GeneratedScript.all(of: router, in: network, hosts, version) {
          let taken = try Self.calls(of: script.text, flockEndsWith: 1)
          #expect(taken.names == ["flock"])
          #expect(taken.shell.status != 0)
          #expect(taken.shell.stderr.contains("sdwan: another run is at work on this host"))
          // And with a lock that is free, it is still the first.
          let free = try Self.calls(of: script.text, flockEndsWith: 0)
          #expect(free.names.first == "flock" && free.names.count > 1)
        }
      }
    }
  }

  /// Runs a script where every program is a stand-in that notes its name and fails, but flock.
  private static func calls(of script: String, flockEndsWith status: Int) throws -> (
    names: [String], shell: Shell
  ) {
    let folder = try TemporaryFolder()
    let log = folder.file("calls").path
    try Data().write(to: folder.file("calls"))
    for name in [
      "flock", "mktemp", "rm", "aws", "lxc", "lxd", "snap", "apt-get", "awk", "timeout", "chpasswd",
    ] {
      let stub = "#!/bin/bash\necho \(name) >>'\(log)'\nexit \(name == "flock" ? status : 1)\n"
      try Data(stub.utf8).write(to: folder.file(name))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file(name).path)
    }
    let text = script.replacingOccurrences(of: "/run/sdwan.lock", with: folder.file("lock").path)
    let shell = try Shell("/bin/bash", ["-s"], input: text, environment: ["PATH": folder.url.path])
    let names = try String(contentsOf: folder.file("calls"), encoding: .utf8)
    return (names.split(separator: "\n").map(String.init), shell)
  }

  /// What its configure_script prints: what the scripts for a router share, and its own.
  private static func innerScript(of script: GeneratedScript) -> String? {
    guard let library = text("router_library", in: script), let own = text("configure_script", in: script)
    else { return nil }
    return library + own
  }

  private static func text(_ name: String, in script: GeneratedScript) -> String? {
    guard let begin = script.lines.firstIndex(of: "\(name)() {") else { return nil }
    let body = script.lines[begin...].drop { !$0.hasPrefix("  cat <<") }.dropFirst().prefix {
      $0 != "SDWAN_END_OF_TEXT"
    }
    return body.joined(separator: "\n") + "\n"
  }
}
