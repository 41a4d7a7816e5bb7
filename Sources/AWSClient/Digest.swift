import COpenSSL

/// SHA-256, HMAC-SHA-256, and SHA-1 where a name is made of it, by OpenSSL.
package enum Digest {
  static let length = Int(SHA256_DIGEST_LENGTH)

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length) { digest, count in
      sdwan_sha256(bytes, bytes.count, digest.baseAddress)
      count = length
    }
  }

  package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
    SHA1(bytes, bytes.count, &digest)
    return digest
  }

  /// RFC 2104.
  static func hmac(key: [UInt8], _ text: String) -> [UInt8] {
    var key = key.count > block ? sha256(key) : key
    key += [UInt8](repeating: 0, count: block - key.count)
    return sha256(key.map { $0 ^ 0x5C } + sha256(key.map { $0 ^ 0x36 } + text.utf8))
  }

  /// Bytes that SHA-256 takes at once.
  private static let block = 64

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
