import Foundation

/// A process, run to its end with a text on its standard input.
struct Shell {
  var status: Int32
  var stdout: String
  var stderr: String

  init(
    _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String]? = nil
  )
    throws
  {
    let folder = try TemporaryFolder()
    let (inputFile, outputFile, errorFile) = (folder.file("in"), folder.file("out"), folder.file("err"))
    try Data(input.utf8).write(to: inputFile)
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    stdout = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    stderr = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("sdwan-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  deinit { try? FileManager.default.removeItem(at: url) }
}
