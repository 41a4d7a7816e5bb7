import AWSClient
import ArgumentParser
import Orchestration

/// `sdwan config`: dictionaries in Parameter Store.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract:
      "Dictionaries in Parameter Store: any JSON goes in and comes out equal (docs/orchestration.md).",
    subcommands: [ConfigGet.self, ConfigPut.self, ConfigDelete.self, ConfigVersions.self, ConfigLabel.self])
}

/// Reads a dictionary.
struct ConfigGet: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Prints the dictionary below a prefix as JSON, secrets in clear.")

  @Argument(help: "A prefix like /my-app/production.")
  var prefix: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do throws(ConfigurationFailure) {
      let dictionary = try await tool.configuration.dictionary(below: prefix)
      // Numbers as they were written: no other JSON is made of it.
      tool.screen.console.write(JSONTree.object(dictionary).json + "\n")
      return .asWanted
    } catch {
      throw ToolError(error)
    }
  }
}

/// Writes a dictionary.
struct ConfigPut: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "put",
    abstract: "Makes the dictionary below a prefix the one that stands on stdin, as JSON.",
    discussion:
      "Values of names like password, token or api_key become SecureStrings. What is too much is deleted.")

  @Argument(help: "A prefix like /my-app/production.")
  var prefix: String

  @Flag(help: "Add and change only; delete nothing.")
  var merge = false

  @Flag(help: "Values above 4 KB may go to the advanced tier, which costs money.")
  var advanced = false

  @Flag(inversion: .prefixedNo, help: "Everything is a secret, or nothing (default: by names).")
  var secret: Bool?

  @Option(help: "The KMS key of secrets.")
  var key: String?

  @Option(help: "KEY=VALUE: a tag of parameters that are made; may be given again.")
  var tag: [String] = []

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let wrong = tag.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
      throw ValidationError("--tag is KEY=VALUE, not \"\(wrong)\"")
    }
  }

  /// docs/schema/orchestration/config-put.json.
  private struct Page: Encodable { var written: Int, deleted: Int }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let given = tool.inputText
    let tree: JSONTree
    do throws(JSONTreeFlaw) { tree = try JSONTree(given) } catch {
      throw .use("what stands on stdin is no JSON: \(error)")
    }
    guard case .object(let dictionary) = tree else {
      throw .use("what stands on stdin is JSON, and no object")
    }
    let pairs = tag.map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    let secret = secret
    let options = ConfigurationOptions(
      key: key, mayBeAdvanced: advanced, tags: Dictionary(pairs.map { ($0[0], $0[1]) }) { _, last in last },
      isSecret: { _ in secret })
    var page = Page(written: 0, deleted: 0)
    do throws(ConfigurationFailure) {
      if merge {
        page.written = try await tool.configuration.merge(dictionary, below: prefix, options)
      } else {
        (page.written, page.deleted) = try await tool.configuration.replace(
          below: prefix, with: dictionary, options)
      }
    } catch {
      throw ToolError(error)
    }
    if tool.screen.isJSON {
      tool.screen.say(json: page)
    } else {
      tool.screen.say("\(page.written) written, \(page.deleted) deleted")
    }
    return .asWanted
  }
}

/// Deletes a dictionary.
struct ConfigDelete: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes everything below a prefix.")

  @Argument(help: "A prefix like /my-app/production.")
  var prefix: String

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try tool.confirm("delete everything below \(prefix) in \(tool.region)?", yes)
    do throws(ConfigurationFailure) {
      let count = try await tool.configuration.deleteAll(below: prefix)
      tool.tell("\(count) deleted", count: count)
      return .asWanted
    } catch {
      throw ToolError(error)
    }
  }
}

/// A parameter's past.
struct ConfigVersions: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "The versions of a parameter, and their labels.")

  @Argument(help: "A parameter's full name.")
  var parameter: String

  @OptionGroup var global: GlobalOptions

  /// docs/schema/orchestration/config-versions.json, a line each.
  private struct Line: Encodable { var version: Int, labels: [String], kind: String }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let all = try await asked { () async throws(FailedCall) in
      try await tool.configuration.parameters.versions(of: parameter, in: tool.region)
    }
    for one in all {
      if tool.screen.isJSON {
        tool.screen.say(json: Line(version: one.version, labels: one.labels, kind: one.kind))
      } else {
        tool.screen.say("\(one.version)  \(one.kind)  \(one.labels.joined(separator: ", "))")
      }
    }
    return .asWanted
  }
}

/// Names a version.
struct ConfigLabel: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Gives a version of a parameter a name; it moves from any other version.")

  @Argument(help: "A parameter's full name.")
  var parameter: String

  @Argument(help: "The name.")
  var label: String

  @Option(help: "The version's number (default: the newest).")
  var version: Int?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    do {
      try await tool.configuration.parameters.label(parameter, version: version, [label], in: tool.region)
    } catch {
      throw .refused("\(error)")
    }
    tool.tell("labelled", count: 1)
    return .asWanted
  }
}

extension ToolError {
  init(_ failure: ConfigurationFailure) {
    switch failure {
    case .call(let call): self.init(call)
    case .refused(let reason): self = .use(reason)
    }
  }
}

extension Tool {
  /// What stands on stdin, as text.
  var inputText: String { String(decoding: screen.console.input(), as: UTF8.self) }

  /// docs/schema/orchestration/count.json.
  private struct Count: Encodable { var count: Int }

  /// A sentence for people, a number for programs.
  func tell(_ words: String, count: Int) {
    if screen.isJSON { screen.say(json: Count(count: count)) } else { screen.say(words) }
  }
}
