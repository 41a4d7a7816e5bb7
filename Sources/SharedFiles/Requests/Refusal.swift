import Groundwork

/// Why a request is not answered as wished, as its sender sees it.
struct Refusal: Error, Sendable, Equatable {
  /// HTTP's.
  enum Status: Int, Sendable {
    case badRequest = 400
    case forbidden = 403
    case notFound = 404
    case tooLarge = 413
    case serverError = 500
  }

  var status: Status
  /// Stable, e.g. `INVALID_REQUEST`.
  var code: String
  /// What is wrong, with which input.
  var message: String
  /// What else the answer's body says.
  var facts = Facts()

  /// Numbers and names beside the code.
  struct Facts: Encodable, Sendable, Equatable {
    var maxSize: Int?
    var actualSize: Int?
    var fileId: String?
  }

  init(_ status: Status, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  /// A field that can't be what it is.
  static func invalid(_ field: String, _ reason: String) -> Refusal {
    Refusal(.badRequest, "INVALID_REQUEST", "\"\(field)\" \(reason)")
  }

  static func tooLarge(_ size: Int, maximum: Int) -> Refusal {
    var refusal = Refusal(.tooLarge, "FILE_TOO_LARGE", "\(size) bytes are more than \(maximum)")
    (refusal.facts.maxSize, refusal.facts.actualSize) = (maximum, size)
    return refusal
  }

  /// Whether the same again may be answered otherwise.
  var isPassing: Bool { status == .serverError || status == .forbidden }
}

extension StoredName {
  /// A name that a field of a request holds.
  /// - Throws: ``Refusal`` that names the field.
  init(field: String, _ text: String, in folder: Folder, orIn known: [Folder] = []) throws(Refusal) {
    do throws(BadName) { try self.init(text, in: folder, orIn: known) } catch {
      throw .invalid(field, error.reason)
    }
  }
}
