import Foundation
import Testing

@testable import SDWAN

@Suite struct TemplateTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/SDWAN/Templates").standardizedFileURL

  /// The files as they are.
  private static let templates: [(name: String, text: String)] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".sh") || $0.hasSuffix(".vbash") }.sorted().compactMap { name in
      (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)).map { (name, $0) }
    }
  }()

  @Test func commentsStayAtHome() {
    let sent = [
      Template.common, .container, .packages, .cards, .image, .replacement, .keys, .answers, .plan, .rollback,
      .phase1, .phase2,
      .phase3, .confirm, .routerSession, .routerOurs, .routerPrevious, .routerBase, .routerCommit,
      .routerApply, .routerKeep, .routerRestore, .routerRollback,
      .routerRollbackPlan,
      .routerDifferences, .routerPlan, .routerWake,
    ]
    #expect(sent.count == Self.templates.count)
    for template in sent {
      let lines = template.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.last == "" && lines.dropLast().allSatisfy { !$0.isEmpty })
      #expect(lines.allSatisfy { !$0.drop { $0 == " " }.hasPrefix("#") })
    }
  }

  /// A line of a text that a script writes would be taken for one.
  @Test func noTextInATemplateHasALineThatLooksLikeAComment() {
    #expect(Self.templates.count > 20)
    for template in Self.templates {
      var end: Substring?
      for line in template.text.split(separator: "\n") {
        if line == end { end = nil }
        if end != nil { #expect(!line.hasPrefix("#"), "\(template.name): \(line)") }
        if let mark = line.range(of: "<<'") { end = line[mark.upperBound...].prefix { $0 != "'" } }
      }
      #expect(end == nil, "\(template.name) has a text without an end")
    }
  }
}
