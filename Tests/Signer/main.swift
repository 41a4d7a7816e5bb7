// Signs what it is told: a request in JSON a line on stdin, the steps of its signature in JSON a line on
// stdout. The tests in Tests/Signatures compare them with botocore's.
import AWSClient
import FoundationEssentials

struct Job: Decodable {
  var service: String
  var region: String
  var normalizesPath: Bool
  var time: Double
  var accessKeyID: String
  var secretAccessKey: String
  var sessionToken: String?
  var method: String
  var path: String
  var query: String
  var headers: [[String]]
  /// Base64, as JSON has it.
  var body: Data
}

struct Signed: Encodable {
  var canonicalRequest: String
  var stringToSign: String
  var signature: String
  var authorization: String?
}

func sign(_ job: Job) -> Signed {
  let signer = SignatureV4(service: job.service, region: job.region, normalizesPath: job.normalizesPath)
  let credentials = Credentials(
    accessKeyID: job.accessKeyID, secretAccessKey: job.secretAccessKey, sessionToken: job.sessionToken)
  let request = SignatureV4.Request(
    method: job.method, path: job.path, query: job.query,
    headers: HTTPHeaders(job.headers.map { .init($0[0], $0[1]) }), body: Array(job.body))
  let steps = signer.steps(request, with: credentials, at: job.time)
  return Signed(
    canonicalRequest: steps.canonicalRequest, stringToSign: steps.stringToSign, signature: steps.signature,
    authorization: signer.sign(request, with: credentials, at: job.time)["Authorization"])
}

while let line = readLine() {
  let signed = sign(try JSONDecoder().decode(Job.self, from: Data(line.utf8)))
  print(String(decoding: try JSONEncoder().encode(signed), as: UTF8.self))
}
