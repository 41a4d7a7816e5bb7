import Glibc
import Groundwork

/// The certificate authorities that TLS connections trust.
enum CertificateBundle {
  /// Amazon Linux's and Debian's, in this order.
  private static let usual = ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"]

  /// `AWS_CA_BUNDLE` where it is set, else the first usual file that exists; nil leaves libcurl's default.
  /// - Throws: ``ConfigurationError`` when `AWS_CA_BUNDLE` names a file that can't be read.
  static func path(environment: Environment) throws(ConfigurationError) -> String? {
    if let path = environment("AWS_CA_BUNDLE"), !path.isEmpty {
      guard access(path, R_OK) == 0 else {
        throw ConfigurationError("AWS_CA_BUNDLE", value: path, allowed: "a readable PEM file")
      }
      return path
    }
    return usual.first { access($0, R_OK) == 0 }
  }
}
