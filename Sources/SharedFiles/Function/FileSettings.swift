import AWSClient
import Groundwork

/// What the environment says about the functions.
struct FileSettings: Sendable {
  /// Which of the two functions this process is.
  enum Role: String {
    case producer, consumer
  }

  /// `_HANDLER`, which Lambda sets to the function's handler.
  var role: Role
  /// Where EFS is mounted (`EFS_MOUNT_PATH`).
  var mountPath: String
  /// Where objects are (`S3_BUCKET_NAME`).
  var bucket: String?
  /// Whether results are put into the bucket too (`ENABLE_S3_ARCHIVE`).
  var archives: Bool
  /// Bytes that a file may have (`MAX_FILE_BYTES`).
  var maximumSize: Int
  /// The bucket's and the function's own (`AWS_REGION`).
  var region: Region

  /// - Throws: ``ConfigurationError`` that names the variable, its value and what is allowed.
  init(environment: @escaping Environment) throws(ConfigurationError) {
    let read = Variables(environment)
    role = try read("_HANDLER", "producer or consumer") { Role(rawValue: $0) }
    mountPath = try read("EFS_MOUNT_PATH", or: "/mnt/efs", "an absolute path") { text in
      let path = text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
      return path.utf8.first == UInt8(ascii: "/") && !path.utf8.contains(0) ? path : nil
    }
    if environment("S3_BUCKET_NAME") != nil {
      bucket = try read("S3_BUCKET_NAME", "a bucket's name") { ObjectURI.isBucket($0) ? $0 : nil }
    }
    archives = try read("ENABLE_S3_ARCHIVE", or: false, "true or false") { Bool($0) }
    maximumSize = try read("MAX_FILE_BYTES", or: 1 << 30, "a whole number of bytes from 1 on") { text in
      Int(text).flatMap { $0 > 0 ? $0 : nil }
    }
    region = try read("AWS_REGION", or: .virginia, "a region like us-east-1") { Region($0) }
    guard !archives || bucket != nil else {
      throw ConfigurationError(
        "S3_BUCKET_NAME", value: nil, allowed: "a bucket's name, because ENABLE_S3_ARCHIVE is true")
    }
  }

  /// An object of the bucket.
  /// - Throws: ``Refusal`` where there is no bucket, or the key can't be one.
  func object(_ key: String) throws(Refusal) -> ObjectURI {
    guard let bucket else {
      throw Refusal(
        .serverError, "NOT_CONFIGURED", "S3_BUCKET_NAME is not set: there is no bucket to read \"key\" from")
    }
    guard let object = ObjectURI(bucket: bucket, key: key) else {
      throw Refusal.invalid("key", "is no key of an object in S3 (1 to 1,024 bytes)")
    }
    return object
  }
}
