import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Synchronization

@testable import OperatorTool

/// A deployment of terraform/files, each of whose services answers as it does where all is well unless a test says otherwise.
final class FakeSharedFiles: Sendable {
  /// Gives another answer to a request than the usual one; throws where none comes.
  typealias Trouble = @Sendable (HTTPRequest) throws(HTTPError) -> HTTPResponse?

  let clock = VirtualClock()
  private let name: String
  private let trouble: Trouble
  private let kept = Mutex((printed: "", urls: [String]()))

  init(named name: String = "shared-files", _ trouble: @escaping Trouble = { _ throws(HTTPError) in nil }) {
    self.name = name
    self.trouble = trouble
  }

  /// What the tool has said.
  var printed: String { kept.withLock { $0.printed } }
  /// What was asked for, by its method.
  var asked: [String] { kept.withLock { $0.urls } }

  /// What a command line says, carried out.
  func run(_ arguments: String...) async throws -> Outcome {
    let command = try FilesDemo.parse(arguments)
    let service = FakeService { call, _ throws(HTTPError) in try self.answer(call.request) }
    let console = Console(
      write: { text in self.kept.withLock { $0.printed += text } }, size: { nil }, complain: { _ in })
    let tool = try Tool(
      command.global, .virginia, Screen(command.global, { _ in nil }, console),
      service.dependencies(clock.clock()), origin: { "a test" })
    return try await command.perform(tool)
  }

  private func answer(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    kept.withLock { $0.urls.append("\(request.method.rawValue) \(request.url)") }
    if let other = try trouble(request) { return other }
    let url = request.url
    if url.hasSuffix("/\(name)-producer/configuration") {
      return .json(
        #"""
        {"FunctionArn": "arn:p", "Environment": {"Variables": {"S3_BUCKET_NAME": "a-bucket"}},
         "FileSystemConfigs": [{"Arn": "arn:point", "LocalMountPath": "/mnt/efs"}]}
        """#)
    }
    if url.contains("/restapis") {
      return .json(#"{"item": [{"id": "other", "name": "x"}, {"id": "api1", "name": "\#(name)"}]}"#)
    }
    if url.hasSuffix("/ingest") { return .json(#"{"fileId": "f", "efsPath": "/mnt/efs/x", "sizeBytes": 1}"#) }
    if url.hasSuffix("/predict") {
      return .json(
        #"{"fileId": "f", "efsPath": "/mnt/efs/outputs/f.result", "result": {"checksum": "c0ffee"}}"#)
    }
    if url.hasSuffix("/\(name)-consumer/invocations") {
      return .json(#"{"folder": "/mnt/efs/outputs", "files": [{"name": "f.result", "sizeBytes": 7}]}"#)
    }
    if request.headers["X-Amz-Target"]?.hasSuffix("FilterLogEvents") == true {
      return .json(
        #"{"events": [{"timestamp": 1, "message": "REPORT RequestId: 1", "logStreamName": "s", "eventId": "e"}]}"#
      )
    }
    return request.method == .put
      ? HTTPResponse(status: 200) : .error("ResourceNotFoundException", status: 404)
  }
}
