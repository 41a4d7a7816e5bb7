/// Systems Manager's list of what commands do on their instances (service model `ssm-2014-11-06`).
enum ListCommandInvocations {
  static let name = "ListCommandInvocations"
  /// Bytes: fifty invocations, of other people's documents with many steps too.
  static let maximumAnswer = 8 << 20

  struct Input: Encodable {
    var filters: [CommandFilter]
    var nextToken: String?
    let details = true
    /// 50 is the most that the service gives.
    let maxResults = 50

    enum CodingKeys: String, CodingKey {
      case filters = "Filters"
      case nextToken = "NextToken"
      case details = "Details"
      case maxResults = "MaxResults"
    }
  }

  struct Output: Decodable {
    var invocations: [Entry]?
    var nextToken: String?

    private enum Key: String, CodingKey {
      case invocations = "CommandInvocations"
      case nextToken = "NextToken"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      invocations = try fields.readable(.invocations)
      nextToken = try fields.decodeIfPresent(String.self, forKey: .nextToken)
    }
  }

  /// A command on an instance.
  struct Entry: Decodable {
    var commandID: String
    var instanceID: String
    var comment: String?
    var status: String
    var statusDetails: String?
    /// One for each of the document's steps.
    var steps: [Step]

    private enum Key: String, CodingKey {
      case commandID = "CommandId"
      case instanceID = "InstanceId"
      case comment = "Comment"
      case status = "Status"
      case statusDetails = "StatusDetails"
      case steps = "CommandPlugins"
    }

    /// Whose it is and how it stands decide; the rest are words.
    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      commandID = try fields.decode(String.self, forKey: .commandID)
      instanceID = try fields.decode(String.self, forKey: .instanceID)
      status = try fields.decode(String.self, forKey: .status)
      comment = fields.words(.comment)
      statusDetails = fields.words(.statusDetails)
      steps = (try? fields.readable(.steps)) ?? []
    }
  }

  /// A step of a document, with the beginning of what it printed.
  struct Step: Decodable {
    var responseCode: Int?
    var output: String?

    private enum Key: String, CodingKey {
      case responseCode = "ResponseCode"
      case output = "Output"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      responseCode = try? fields.decode(Int.self, forKey: .responseCode)
      output = fields.words(.output)
    }
  }
}
