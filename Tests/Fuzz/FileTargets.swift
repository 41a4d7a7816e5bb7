import Foundation
import Groundwork
@testable import SharedFiles

/// Keys, names and ids of the shared files, and what holds them.
let fileTargets = [
  FuzzTarget(
    name: "file-name",
    seeds: [
      "models/a/b.pt", "../x", "link/secret", "file-link", "inputs/../../x", "/\u{301}x", "a/../\u{301}x",
      "%2e%2e%2f", "up/outside/x",
      ".ingest-1", "models", "a\0b",
    ]
  ) { bytes in
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    for folder in [StoredName.Folder.models, .inputs, .outputs] {
      guard let name = try? StoredName(text, in: folder, orIn: [.inputs]) else { continue }
      check(name)
      FuzzedMount.standard.use(name)
    }
  },
  FuzzTarget(
    name: "file-request",
    seeds: [
      #"{"httpMethod": "POST", "body": "{\"key\": \"models/a\"}", "isBase64Encoded": false}"#,
      #"{"data": "aGVsbG8=", "filename": "a/b", "encoding": "base64"}"#,
      #"{"fileId": "f-1", "model": "inputs/m.pt"}"#, #"{"list": "outputs"}"#,
      #"{"Records": [{"s3": {"object": {"key": "models/a+b%C3%A9.pt", "size": 7}}}]}"#,
    ]
  ) { bytes in
    for object in (try? S3Notification(event: bytes))?.objects ?? [] {
      if let name = try? StoredName(object.key, in: .models) { check(name) }
    }
    _ = try? ListRequest(event: bytes)
    guard let request = try? ProxyRequest(event: bytes) else { return }
    if case .content(let content, let name) = try? IngestRequest(request) {
      promise(content.count <= IngestRequest.mostContent, "more was taken than is allowed")
      if let name = name.flatMap({ try? StoredName($0, in: .inputs) }) { check(name) }
    }
    guard let predict = try? PredictRequest(request) else { return }
    check(predict.model)
    check(predict.result)
    promise(predict.result.parts.count == 2, "a result lies elsewhere")
  },
]

/// What every name keeps that is taken.
private func check(_ name: StoredName) {
  promise(name.parts.count >= 2, "a name without a folder")
  promise(StoredName.Folder(rawValue: name.parts[0]) != nil, "a name in no folder of ours")
  for part in name.parts {
    let bytes = Array(part.utf8)
    promise(!bytes.isEmpty && bytes.count <= 255, "a part that no file system takes")
    promise(!bytes.contains(0x2F) && !bytes.contains(0), "a part that is more than one")
    promise(bytes != [0x2E] && bytes != [0x2E, 0x2E], "a part that leads elsewhere")
  }
}

/// A mount with links out of it, which nothing may follow; outside lies a file that nobody may read.
private struct FuzzedMount: Sendable {
  static let standard = FuzzedMount()

  private let mount: Mount
  private let outside: String

  init() {
    // In memory, where there is a place: nothing waits for a disk then.
    let memory = "/dev/shm/"
    let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    let base = place + "fuzz-files-\(ProcessInfo.processInfo.processIdentifier)"
    let folder = base + "/efs"
    outside = base + "/outside"
    let files = FileManager.default
    for path in [outside, folder + "/models/deep", folder + "/inputs", folder + "/outputs"] {
      try? files.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    _ = files.createFile(atPath: outside + "/secret", contents: Data("secret".utf8))
    _ = files.createFile(atPath: outside + "/\u{301}x", contents: Data("secret".utf8))
    for kind in ["models", "inputs", "outputs"] {
      for (link, target) in [
        ("link", outside), ("file-link", outside + "/secret"), ("up", base), ("root", "/"),
      ] {
        try? files.createSymbolicLink(atPath: "\(folder)/\(kind)/\(link)", withDestinationPath: target)
      }
    }
    let clock = Clock(
      wall: { UnixTime(seconds: 0) }, now: { Instant(.zero) },
      sleep: { (_: Duration) async throws(CancellationError) in })
    mount = Mount(path: folder, clock: clock, random: { .random(in: .min ... .max) })
  }

  /// Reads and writes a name, and looks at the world outside.
  func use(_ name: StoredName) {
    if let file = try? mount.open(name) {
      try? file.read { bytes in
        promise(!bytes.elementsEqual("secret".utf8), "a file outside the mount was read")
      }
    }
    let done = DispatchSemaphore(value: 0)
    let mount = mount
    Task.detached {
      try? await mount.write(name) { file in
        try file.append([0x77])
        return name.parts.count % 2 == 0 ? .replacing : .new
      }
      done.signal()
    }
    done.wait()
    let left = (try? FileManager.default.contentsOfDirectory(atPath: outside)) ?? []
    promise(left.count == 2, "something was written outside the mount: \(left)")
    promise(
      FileManager.default.contents(atPath: outside + "/secret") == Data("secret".utf8),
      "a file outside the mount was written")
  }
}
