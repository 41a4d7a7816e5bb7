import Foundation

/// What a task's function answered: the result of its work, or how far it is.
enum FunctionAnswer: Sendable {
  case standing(StageProgress)
  case result(PhaseResult)

  private struct Frame: Decodable { var Payload: Payload }

  private struct Payload: Decodable {
    var done: Bool?
    var progress: StageProgress?
    var result: PhaseResult?

    private enum CodingKeys: String, CodingKey { case done, progress }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      done = try? fields.decode(Bool.self, forKey: .done)
      progress = try? fields.decode(StageProgress.self, forKey: .progress)
      result = done == false ? nil : try? PhaseResult(from: decoder)
    }
  }

  /// - Parameter output: of the task: the answer itself, or in Lambda's frame.
  init?(_ output: String) {
    let bytes = Data(output.utf8)
    let payload =
      (try? JSONDecoder().decode(Frame.self, from: bytes).Payload)
      ?? (try? JSONDecoder().decode(Payload.self, from: bytes))
    if let result = payload?.result {
      self = .result(result)
    } else if payload?.done == false, let progress = payload?.progress {
      self = .standing(progress)
    } else {
      return nil
    }
  }
}

/// What the admission of a rollout answered: its waves with their items.
struct AdmittedWaves: Sendable {
  let members: [String: [String]]

  private struct Frame: Decodable { var Payload: Payload }
  private struct Payload: Decodable { var waves: [Wave] }
  private struct Wave: Decodable {
    var name: String
    var items: [String]?
  }

  /// nil where it is no such answer.
  init?(_ output: String) {
    guard let waves = JSONText.read(Frame.self, Array(output.utf8))?.Payload.waves else { return nil }
    members = Dictionary(waves.map { ($0.name, $0.items ?? []) }) { first, _ in first }
  }
}
