/// Which file is to be read, and what the result is called.
struct PredictRequest: Sendable, Equatable {
  /// Names the result.
  var fileId: String
  /// The file.
  var model: StoredName
  /// Where the result goes.
  var result: StoredName

  private struct Fields: Decodable {
    var fileId: String?
    var model: String?
  }

  /// - Throws: ``Refusal`` that names the field.
  init(_ request: ProxyRequest) throws(Refusal) {
    let fields = try request.fields(Fields.self)
    guard let fileId = fields.fileId else { throw .invalid("fileId", "is missing") }
    guard let model = fields.model else { throw .invalid("model", "is missing") }
    guard !fileId.isEmpty else { throw .invalid("fileId", "is empty") }
    guard !fileId.utf8.contains(UInt8(ascii: "/")) else { throw .invalid("fileId", "holds a slash") }
    guard fileId != ".", fileId != ".." else { throw .invalid("fileId", "is \"\(fileId)\"") }
    self.fileId = fileId
    self.model = try StoredName(field: "model", model, in: .models, orIn: [.inputs])
    result = try StoredName(field: "fileId", "\(fileId).result", in: .outputs)
  }
}
