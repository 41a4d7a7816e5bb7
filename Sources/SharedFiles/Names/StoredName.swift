/// Where a file lies below the mount: parts that lead nowhere else.
struct StoredName: Sendable, Hashable, CustomStringConvertible {
  /// What the first part may be.
  enum Folder: String, Sendable {
    /// What came from S3.
    case models
    /// What came with a request.
    case inputs
    /// Results.
    case outputs
  }

  /// Bytes of a part that a file system takes.
  private static let longestPart = 255
  /// Bytes of all: as S3's keys.
  private static let longest = 1024
  /// What temporary files are called; nobody else's file may be.
  static let temporaryPrefix = ".ingest-"

  /// At least two, the folder first.
  let parts: [String]

  /// A name as it came from outside, in a folder unless it says itself in which of `known` it is.
  ///
  /// It is read by bytes, as a file system does: for Swift a slash with an accent behind it is another character.
  /// - Throws: ``BadName``.
  init(_ text: String, in folder: Folder, orIn known: [Folder] = []) throws(BadName) {
    guard text.utf8.count <= Self.longest else { throw BadName("has more than \(Self.longest) bytes") }
    let parts = try Self.parts(of: text)
    // Who decodes it once more, or twice, does not get elsewhere either.
    var encoded = text
    while let decoded = FormEncoding.decoded(encoded, plusIsSpace: false),
      decoded.utf8.count < encoded.utf8.count
    {
      _ = try Self.parts(of: decoded)
      encoded = decoded
    }
    let isNamed = parts.count > 1 && ([folder] + known).contains { $0.rawValue == parts[0] }
    self.parts = (isNamed ? [] : [folder.rawValue]) + parts
  }

  private static func parts(of text: String) throws(BadName) -> [String] {
    guard !text.isEmpty else { throw BadName("is empty") }
    guard text.utf8.first != UInt8(ascii: "/") else { throw BadName("is an absolute path") }
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    for part in parts { try check(part) }
    return parts
  }

  private static func check(_ part: String) throws(BadName) {
    guard !part.isEmpty else { throw BadName("has an empty part") }
    guard part != ".", part != ".." else { throw BadName("has the part \"\(part)\"") }
    guard !part.utf8.contains(0) else { throw BadName("holds a NUL") }
    guard part.utf8.count <= longestPart else {
      throw BadName("has a part of more than \(longestPart) bytes")
    }
    guard !part.utf8.starts(with: temporaryPrefix.utf8) else {
      throw BadName("has a part that begins with \(temporaryPrefix), as temporary files do")
    }
  }

  /// Relative to the mount.
  var description: String { parts.joined(separator: "/") }
}

/// Why a name can't be a file's, in words behind the field's name.
struct BadName: Error, Sendable, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
