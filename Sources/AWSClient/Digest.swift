import COpenSSL

/// SHA-256, HMAC-SHA-256, and SHA-1 where a name is made of it, by OpenSSL.
package enum Digest {
  static let length = Int(SHA256_DIGEST_LENGTH)

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    SHA256(bytes, bytes.count, &digest)
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
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
