import Groundwork
import Testing

@testable import AWSClient

/// The steps of the worked example in AWS's documentation ("Signature Version 4 signing process": IAM
/// ListUsers), and of its published test suite.
@Suite struct SignatureV4Tests {
  private let credentials = Credentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
  /// 2015-08-30T12:36:00Z.
  private let time = UnixTime(seconds: 1_440_938_160)

  @Test func documentedExample() {
    let signer = SignatureV4(service: "iam", region: "us-east-1")
    let request = SignatureV4.Request(
      method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
      headers: [
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Host": "iam.amazonaws.com",
        "X-Amz-Date": "20150830T123600Z",
      ], body: [])
    let canonical = signer.canonicalRequest(request)
    #expect(
      Digest.hex(Digest.sha256(Array(canonical.utf8)))
        == "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59")
    let text = signer.stringToSign(canonical, at: UTCDateTime(time))
    #expect(
      text.hasPrefix("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\nf536975d"))
    var unsigned = request
    unsigned.headers = [
      "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Host": "iam.amazonaws.com",
    ]
    let signed = signer.sign(unsigned, with: credentials, at: time)
    #expect(
      signed["Authorization"]?.hasSuffix(
        "SignedHeaders=content-type;host;x-amz-date, "
          + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7") == true)
  }

  @Test func sessionTokenIsSigned() {
    var credentials = credentials
    credentials.sessionToken = "token"
    let signed = SignatureV4(service: "ssm", region: "us-east-1").sign(
      .init(method: "POST", path: "/", headers: ["Host": "ssm.us-east-1.amazonaws.com"], body: []),
      with: credentials, at: time)
    #expect(signed["X-Amz-Security-Token"] == "token")
    #expect(signed["Authorization"]?.contains("SignedHeaders=host;x-amz-date;x-amz-security-token") == true)
  }

  @Test(arguments: [
    ("/", "/"), ("", "/"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("//a//b/", "/a/b/"), ("/../..", "/"),
  ])
  func dotSegments(path: String, normal: String) {
    #expect(SignatureV4.removingDotSegments(path) == normal)
  }

  @Test func headersAreFolded() {
    let canonical = SignatureV4(service: "s", region: "r").canonicalRequest(
      .init(
        method: "GET", path: "/", headers: ["My-Header1": "  a   b  c ", "Host": "h", "my-header1": "d"],
        body: []))
    #expect(canonical.contains("\nmy-header1:a b c,d\n"))
  }

  /// A combining mark makes one `Character` of itself and the separator before it.
  @Test func separatorsBeforeACombiningMark() {
    let canonical = SignatureV4(service: "s", region: "r").canonicalRequest(
      .init(
        method: "GET", path: "/a/../\u{301}", query: "b&\u{301}a=1",
        headers: ["My-Header1": "a   \u{301}b", "Host": "h"], body: []))
    #expect(canonical.hasPrefix("GET\n/%CC%81\nb=&\u{301}a=1\n"))
    #expect(canonical.contains("\nmy-header1:a \u{301}b\n"))
  }
}
