import ArgumentParser
import Groundwork
import Testing

@testable import OperatorTool

@Suite struct WordsTests {
  @Test(arguments: [
    (0, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"),
    (172_800, "2 d"),
  ])
  func spans(seconds: Int, words: String) { #expect(Words.span(.seconds(seconds)) == words) }

  @Test func nearNames() {
    let names = ["nv-sdwan", "nv-branch1", "fra-sdwan"]
    #expect(Words.near("nv-sdwam", among: names) == "nv-sdwan")
    #expect(Words.near("NV-SDWAN", among: names) == "nv-sdwan")
    #expect(Words.near("london", among: names) == nil && Words.near("x", among: [String]()) == nil)
  }

  @Test func times() {
    #expect(Words.duration("90m") == .seconds(5400) && Words.duration("2d") == .seconds(172_800))
    for wrong in ["", "m", "0h", "-1h", "1x", "h1", "1.5h"] { #expect(Words.duration(wrong) == nil) }
  }

  @Test(arguments: [
    (["staus"], "sdwan: there is no command staus; did you mean sdwan status?"),
    (["xyzzy", "--endpoint", "local"], "sdwan: there is no command xyzzy; sdwan --help lists them"),
  ])
  func wrongVerbs(arguments: [String], words: String) { #expect(Sdwan.complaint(about: arguments) == words) }

  @Test func rightVerbs() {
    for arguments in [["status"], ["--help"], [], ["help", "up"], ["logs"]] {
      #expect(Sdwan.complaint(about: arguments) == nil)
    }
  }

  /// Help is the command's that it was asked of; it was always that of all commands.
  @Test(arguments: [
    (["files", "demo", "--help"], "--readers"), (["help", "files", "demo"], "--readers"),
    (["files"], "USAGE: sdwan files"),
    (["files", "--help"], "USAGE: sdwan files"),
    (["recovery", "drill", "--help"], "USAGE: sdwan recovery drill"),
    (["recovery", "watch", "-h"], "USAGE: sdwan recovery watch ["),
    (["status", "--help"], "USAGE: sdwan status"), ([], "USAGE: sdwan <subcommand>"),
    (["--help"], "USAGE: sdwan <subcommand>"),
  ])
  func help(arguments: [String], words: String) throws {
    let help = Sdwan.help(by: try Sdwan.parseAsRoot(Sdwan.spelledOut(arguments)))
    #expect(help.contains(words), "\(help)")
  }

  @Test func verbs() {
    #expect(Sdwan.verbs(of: ["files", "demo", "--readers", "0"]) == ["files", "demo"])
    #expect(Sdwan.verbs(of: ["status", "files"]) == ["status"])
    #expect(Sdwan.verbs(of: ["--quiet"]) == [])
  }

  /// What a router is asked can't be read as something else by a shell.
  @Test(arguments: [
    "show vpn;reboot", "show $(reboot)", "show `x`", "show a|b", "show 'x'", "show a\nb", "show \\x",
    "show a>b", "show *",
  ])
  func strangeWords(command: String) {
    let words = command.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    #expect(throws: (any Error).self) { try Exec.parse(["nv-sdwan", "--"] + words) }
  }

  @Test func onlyQuestions() throws {
    #expect(throws: (any Error).self) { try Exec.parse(["nv-sdwan", "--", "reset", "vpn"]) }
    #expect(throws: (any Error).self) { try Exec.parse(["nv-sdwan", "--"]) }
    #expect(try Exec.parse(["nv-sdwan", "--write", "--", "reset", "vpn"]).words == ["reset", "vpn"])
    #expect(try Exec.parse(["nv-sdwan", "--", "show", "interfaces"]).words == ["show", "interfaces"])
  }
}
