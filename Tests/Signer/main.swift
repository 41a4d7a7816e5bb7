// Signs what it is told: a request in JSON a line on stdin, the steps of its signature in JSON a line on
// stdout. With the argument `endpoints` it says where requests go instead: a service, a region and variables a line.
// The tests in Tests/Signatures compare both with botocore's.
import AWSClient
import FoundationEssentials
import Groundwork
import HTTPClient

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
  let steps = signer.steps(request, with: credentials, at: UnixTime(seconds: job.time))
  return Signed(
    canonicalRequest: steps.canonicalRequest, stringToSign: steps.stringToSign, signature: steps.signature,
    authorization: signer.sign(request, with: credentials, at: UnixTime(seconds: job.time))["Authorization"])
}

struct Place: Decodable {
  var service: String
  var id: String
  var region: String
  var environment: [String: String]
}

/// The endpoint's origin and the region that is signed for; what is wrong behind a `!` where there is none.
func origin(_ place: Place) -> String {
  guard let region = Region(place.region) else { return "!no region" }
  do throws(ConfigurationError) {
    let variables = place.environment
    let resolver = try EndpointResolver(service: place.service, id: place.id, environment: { variables[$0] })
    return "\(try resolver.endpoint(in: region).origin) \(resolver.signingRegion(for: region))"
  } catch {
    return "!\(error)"
  }
}

while let line = readLine() {
  if CommandLine.arguments.contains("endpoints") {
    print(origin(try JSONDecoder().decode(Place.self, from: Data(line.utf8))))
  } else {
    let signed = sign(try JSONDecoder().decode(Job.self, from: Data(line.utf8)))
    print(String(decoding: try JSONEncoder().encode(signed), as: UTF8.self))
  }
}
