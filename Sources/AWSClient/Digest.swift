import COpenSSL

/// SHA-256, HMAC-SHA-256, and SHA-1 where a name is made of it, by OpenSSL.
package enum Digest {
  static let length = Int(SHA256_DIGEST_LENGTH)

  /// OpenSSL looks for an algorithm at each call that does not bring it. Nothing changes it, so that all may use it.
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    EVP_Digest(bytes, bytes.count, &digest, nil, algorithm, nil)
    return digest
  }

  package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
    SHA1(bytes, bytes.count, &digest)
    return digest
  }

  static func hmac(key: [UInt8], _ text: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    let bytes = Array(text.utf8)
    HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, &written)
    return digest
  }

  /// Lower-case hexadecimal.
  package static func hex(_ bytes: [UInt8]) -> String {
    let digits = StaticString("0123456789abcdef")
    return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        text[2 * index] = digits.utf8Start[Int(byte >> 4)]
        text[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
      }
      return 2 * bytes.count
    }
  }
}
