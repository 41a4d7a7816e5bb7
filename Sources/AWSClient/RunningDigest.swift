import COpenSSL

/// A digest over bytes that come one after another.
package final class RunningDigest {
  /// Which one.
  package enum Kind: Sendable {
    case sha256
    case md5
  }

  private let context: OpaquePointer?

  /// A digest over nothing yet.
  package init(_ kind: Kind) {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, kind == .sha256 ? EVP_sha256() : EVP_md5(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Goes on with these bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// Goes on with these bytes.
  package func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes(update) }

  /// Of all bytes so far, in lower-case hexadecimal; nothing may follow.
  package func hex() -> String { Digest.hex(bytes()) }

  /// Of all bytes so far; nothing may follow.
  package func bytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    EVP_DigestFinal_ex(context, &digest, &length)
    return Array(digest.prefix(Int(length)))
  }
}
