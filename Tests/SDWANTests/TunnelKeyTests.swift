import AWSClient
import FleetTesting
import Foundation
import Groundwork
import Testing

@testable import SDWAN

/// A tunnel has the key of its own where Parameter Store has one, else the common one.
@Suite struct TunnelKeyTests {
  private let own = ["SDWAN_TUNNEL_KEYS": "own"]
  private let parameter = "/sdwan-secrets/vpn-psk"

  /// The standard network's hosts; the tunnel of Frankfurt has a key of its own.
  private func hosts() throws -> FakeHosts {
    let hosts = try FakeHosts.standard()
    hosts.set(parameter, in: .frankfurt, to: "common")
    hosts.set("\(parameter)/\(try tunnel(.frankfurt))", in: .frankfurt, to: "own")
    hosts.set("\(parameter)/\(try tunnel(.frankfurt))/old", in: .frankfurt, to: "of somebody else's")
    return hosts
  }

  private func tunnel(_ region: Region) throws -> String {
    let topology = try Topology.standard()
    return try #require(
      topology.tunnels.first { topology.router(named: $0.first.router)?.region == region }?.name)
  }

  @Test func bothEndsOfATunnelHaveItsOwn() async throws {
    let hosts = try hosts()
    let result = try await hosts.run(.phase2, environment: own)
    #expect(result.failed.isEmpty)
    let name = try tunnel(.frankfurt)
    for (router, scripts) in hosts.scripts {
      let isOwn = router.hasPrefix("fra")
      let secrets = scripts[0].split(separator: "\n").filter { $0.hasPrefix("secretly_set ") }
      #expect(secrets.count == 1, "\(router)")
      #expect(
        secrets.allSatisfy { $0.hasSuffix(isOwn ? " '@VPN_PSK/\(name)@'" : " '@VPN_PSK@'") }, "\(router)")
      #expect(scripts[0].contains("\nreadonly WANTED_KEYS='\(isOwn ? "/\(name)" : "/")'\n"), "\(router)")
    }
  }

  /// A deployment without such keys is not asked for them, nor is one in phases that give no key.
  @Test(arguments: [(Phase.phase2, false), (.phase1, true), (.phase3, true)])
  func nobodyElseAsks(phase: Phase, isOwn: Bool) async throws {
    let hosts = try hosts()
    hosts.remove("DescribeParameters")
    _ = try await hosts.run(phase, environment: isOwn ? own : [:])
    #expect(!hosts.scripts.isEmpty)
    #expect(!hosts.scripts.values.joined().contains { $0.contains("'@VPN_PSK/") })
  }

  /// The common key would end a tunnel that has another one.
  @Test func whatIsNotKnownIsNotGuessed() async throws {
    let hosts = try hosts()
    hosts.remove("DescribeParameters", saying: .error("AccessDeniedException"))
    let result = try await hosts.run(.phase2, environment: own)
    #expect(result.failed.count == 4 && hosts.commands.isEmpty)
    #expect(result.text("fra-sdwan", "stderr").contains("have keys of their own could not be read"))
    #expect(result.text("fra-sdwan", "stderr").contains("AccessDenied"))
  }

  @Test func onceForAnExecution() async throws {
    let hosts = try hosts()
    let service = hosts.service
    let dependencies = service.dependencies(VirtualClock().clock(), environment: own)
    let handler = try VPN.handler(dependencies)
    for _ in 1...3 {
      let event = Array(try stepEvent("start", ["execution": "one"]).utf8)
      _ = try await handler(Invocation(requestID: "r", event: event), .silent)
    }
    #expect(service.count(of: "DescribeParameters") == 2, "two regions")
  }

  @Test func aWrongWordIsNamed() async throws {
    await #expect { try await hosts().run(.phase2, environment: ["SDWAN_TUNNEL_KEYS": "yes"]) } throws: {
      "\($0)".contains("SDWAN_TUNNEL_KEYS")
    }
  }

  /// What the host puts in the place of the words, with keys that a shell could misread.
  @Test func theHostFillsThemIn() throws {
    let program =
      String(decoding: PackageResources.psk_sh, as: UTF8.self) + """

        set -euo pipefail
        fail() { echo "sdwan: $*" >&2; exit 1; }
        read_secret() {
          case $1 in
            /s/vpn-psk) printf '%s' 'a $(b) `c` @VPN_PSK@ & * ~' ;;
            /s/vpn-psk/one) printf '%s' '-n %s @' ;;
            *) return 1 ;;
          esac
        }
        text() {
          printf '%s\\n' "set x 'plain'" "secretly_set y '@VPN_PSK@'" "secretly_set z '@VPN_PSK/one@'" 'a@b'
        }
        PSK_PARAMETER=/s/vpn-psk WANTED_KEYS='/ /one'
        read_keys
        fill_in text
        """
    let shell = try Shell("/bin/bash", ["-s"], input: program)
    #expect(shell.status == 0, "\(shell.stderr)")
    #expect(
      shell.stdout == """
        set x 'plain'
        secretly_set y 'a $(b) `c` @VPN_PSK@ & * ~'
        secretly_set z '-n %s @'
        a@b

        """)
  }

  @Test(arguments: [("", "is empty"), ("it's", "a quote"), ("a\\b", "a backslash")])
  func aKeyThatVyOSRefusesIsNamed(key: String, reason: String) throws {
    let program =
      String(decoding: PackageResources.psk_sh, as: UTF8.self) + """

        set -euo pipefail
        fail() { echo "sdwan: $*" >&2; exit 1; }
        read_secret() { printf '%s' "$SECRET"; }
        PSK_PARAMETER=/s/vpn-psk WANTED_KEYS='/one'
        read_keys
        echo unreachable
        """
    let shell = try Shell("/bin/bash", ["-s"], input: program, environment: ["SECRET": key])
    #expect(shell.status == 1 && shell.stdout.isEmpty)
    #expect(shell.stderr.contains("/s/vpn-psk/one") && shell.stderr.contains(reason))
  }
}
