import JSON

/// `{"list": "outputs"}`: what lies in one of the folders. For who may call the function itself: nobody asks it through API
/// Gateway.
struct ListRequest: Sendable {
  /// Files that are listed at most.
  static let longest = 1000

  /// Which one.
  var folder: StoredName.Folder

  private struct Event: Decodable {
    var httpMethod: String?
    var list: String?
  }

  /// nil unless the event is such a request.
  /// - Throws: ``Refusal`` for a folder that there is not.
  init?(event: [UInt8]) throws(Refusal) {
    guard let read = try? JSONReader().read(Event.self, from: event), read.httpMethod == nil,
      let list = read.list
    else { return nil }
    guard let folder = StoredName.Folder(rawValue: list) else {
      throw .invalid("list", "is neither models, inputs nor outputs")
    }
    self.folder = folder
  }
}
