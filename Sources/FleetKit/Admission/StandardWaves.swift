import AWSClient
import Groundwork
import JSON

/// The deployment's own waves, as its variable of the environment (`…_WAVES`) has them: JSON, or an `s3://` URI.
enum StandardWaves {
  /// Bytes of their JSON.
  static let maximumSize = 1 << 20

  /// - Parameter text: the variable; nil or `[]` for one wave of everything.
  /// - Throws: ``Failure`` that says what is wrong with a wave.
  static func source(_ text: String?) throws(Failure) -> DocumentSource<[GivenWave]> {
    guard let text else { return .known([]) }
    if let object = ObjectURI(text) { return .object(object) }
    return .known(try waves(Array(text.utf8)))
  }

  /// - Throws: ``Failure`` that says what is wrong with a wave.
  static func waves(_ json: [UInt8]) throws(Failure) -> [GivenWave] {
    do throws(JSONFlaw) {
      var strict = StrictJSON(json, maximumValues: FleetEvent.maximumValues)
      try strict.check()
    } catch {
      throw .input("the text is no list of waves: \(error)")
    }
    do {
      return try JSONReader().read(from: json)
    } catch let error as Failure {
      throw error
    } catch {
      throw .input("the text is no list of waves")
    }
  }
}
