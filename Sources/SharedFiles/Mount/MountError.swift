import Glibc

/// What the file system refused.
struct MountError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What somebody can act on.
  enum Kind: Sendable, Equatable {
    /// The mount itself is not there.
    case mount
    /// There is no such file.
    case missing
    /// There is already one.
    case exists
    /// Something that is no file, or leads elsewhere, is in the way.
    case notAFile
    /// What was open is another file by now.
    case replaced
    case reading
    case writing
  }

  var kind: Kind
  /// In words.
  var description: String

  /// - Parameters:
  ///   - what: was not possible.
  ///   - code: `errno`.
  init(_ kind: Kind, _ what: String, code: Int32) {
    self.kind = kind
    description = "\(what): \(String(cString: strerror(code)))"
  }

  var refusal: Refusal {
    switch kind {
    case .mount: Refusal(.serverError, "MOUNT_FAILED", description)
    case .missing: Refusal(.notFound, "NOT_FOUND", description)
    case .notAFile: Refusal(.badRequest, "INVALID_REQUEST", description)
    case .reading, .replaced: Refusal(.serverError, "EFS_READ_FAILED", description)
    case .writing, .exists: Refusal(.serverError, "EFS_WRITE_FAILED", description)
    }
  }
}
