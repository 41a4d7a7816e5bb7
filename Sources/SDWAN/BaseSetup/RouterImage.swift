import AWSClient
import Groundwork

/// Where the routers' image lies.
struct RouterImage: Sendable, Equatable {
  var bucket: String
  var key: String
  var region: Region
  /// Lower-case hexadecimal; empty where the image is not checked.
  var sha256: String

  init(bucket: String, key: String, region: Region, sha256: String) {
    self.bucket = bucket
    self.key = key
    self.region = region
    self.sha256 = sha256
  }

  /// - Throws: ``ConfigurationError`` when one of `VYOS_S3_…` is missing or wrong.
  init(environment: @escaping Environment) throws(ConfigurationError) {
    let read = Variables(environment)
    bucket = try read("VYOS_S3_BUCKET", "a bucket name: 3 to 63 of a-z, 0-9, . and -") {
      ObjectURI.isBucket($0) ? $0 : nil
    }
    // No quote or control character, so that a message can show it; the shell gets it quoted anyway.
    key = try read(
      "VYOS_S3_KEY", "an object key: 1 to 1024 printable characters, not beginning with - or /"
    ) {
      (1...1024).contains($0.utf8.count) && !$0.hasPrefix("-") && !$0.hasPrefix("/")
        && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? $0 : nil
    }
    sha256 = try read("VYOS_S3_SHA256", or: "", "64 hexadecimal digits") { text in
      text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) ? text.lowercased() : nil
    }
    region = try read("VYOS_S3_REGION", "a region like us-east-1") { Region($0) }
  }
}
