/// The operations of Systems Manager that are called, with the fields that are needed
/// (service model `ssm-2014-11-06`).
enum GetParametersByPath {
  static let name = "GetParametersByPath"

  struct Input: Encodable {
    var path: String
    var nextToken: String?
    /// 10 is the most that the service gives.
    let maxResults = 10
    let recursive = true

    enum CodingKeys: String, CodingKey {
      case path = "Path"
      case nextToken = "NextToken"
      case maxResults = "MaxResults"
      case recursive = "Recursive"
    }
  }

  struct Output: Decodable {
    var parameters: [Parameter]
    var nextToken: String?

    private enum Key: String, CodingKey {
      case parameters = "Parameters"
      case nextToken = "NextToken"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      parameters = try fields.decode([Lenient<Parameter>].self, forKey: .parameters).compactMap(\.value)
      nextToken = try fields.decodeIfPresent(String.self, forKey: .nextToken)
    }
  }

  struct Parameter: Decodable {
    var name: String
    var value: String

    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case value = "Value"
    }
  }
}

enum DescribeParameters {
  static let name = "DescribeParameters"

  struct Input: Encodable {
    let filters: [Filter]
    let nextToken: String?
    /// 50 is the most that the service gives.
    let maxResults = 50

    init(path: String, nextToken: String?) {
      filters = [Filter(values: [path])]
      self.nextToken = nextToken
    }

    enum CodingKeys: String, CodingKey {
      case filters = "ParameterFilters"
      case nextToken = "NextToken"
      case maxResults = "MaxResults"
    }
  }

  struct Filter: Encodable {
    let key = "Path"
    let option = "OneLevel"
    let values: [String]

    enum CodingKeys: String, CodingKey {
      case key = "Key"
      case option = "Option"
      case values = "Values"
    }
  }

  struct Output: Decodable {
    let parameters: [Parameter]
    let nextToken: String?

    private enum Key: String, CodingKey {
      case parameters = "Parameters"
      case nextToken = "NextToken"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      parameters = try fields.decode([Lenient<Parameter>].self, forKey: .parameters).compactMap(\.value)
      nextToken = try fields.decodeIfPresent(String.self, forKey: .nextToken)
    }
  }

  struct Parameter: Decodable {
    let name: String

    enum CodingKeys: String, CodingKey {
      case name = "Name"
    }
  }
}

enum SendCommand {
  static let name = "SendCommand"

  struct Input: Encodable {
    var documentName: String
    var instanceIDs: [String]
    var comment: String
    /// How long the command may wait for the agent, in seconds; not how long it may run.
    var deliveryTimeout: Int
    /// The document's own.
    var parameters: [String: [String]]
    /// How many instances run it at once; the service's own number where nil.
    var maximumConcurrency: String?
    /// How many may fail before no other instance gets it; nil for none, where there are others.
    var maximumErrors: String?

    enum CodingKeys: String, CodingKey {
      case documentName = "DocumentName"
      case instanceIDs = "InstanceIds"
      case comment = "Comment"
      case deliveryTimeout = "TimeoutSeconds"
      case parameters = "Parameters"
      case maximumConcurrency = "MaxConcurrency"
      case maximumErrors = "MaxErrors"
    }
  }

  struct Output: Decodable {
    var command: Command

    enum CodingKeys: String, CodingKey {
      case command = "Command"
    }
  }
}

struct Command: Decodable {
  /// Never empty.
  var commandID: String
  var comment: String?
  var status: String?
  var statusDetails: String?
  var instanceIDs: [String]?

  private enum Key: String, CodingKey {
    case commandID = "CommandId"
    case comment = "Comment"
    case status = "Status"
    case statusDetails = "StatusDetails"
    case instanceIDs = "InstanceIds"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    commandID = try fields.decode(String.self, forKey: .commandID)
    guard !commandID.isEmpty else {
      throw DecodingError.dataCorruptedError(forKey: .commandID, in: fields, debugDescription: "it is empty")
    }
    comment = fields.words(.comment)
    status = fields.words(.status)
    statusDetails = fields.words(.statusDetails)
    instanceIDs = try? fields.decodeIfPresent([String].self, forKey: .instanceIDs)
  }
}

enum ListCommands {
  static let name = "ListCommands"

  struct Input: Encodable {
    /// nil for all commands.
    var commandID: String?
    /// nil for all instances.
    var instanceID: String?
    var filters: [CommandFilter]?
    let maxResults = 50
    var nextToken: String?

    enum CodingKeys: String, CodingKey {
      case commandID = "CommandId"
      case instanceID = "InstanceId"
      case filters = "Filters"
      case maxResults = "MaxResults"
      case nextToken = "NextToken"
    }
  }

  struct Output: Decodable {
    var commands: [Command]?
    var nextToken: String?

    private enum Key: String, CodingKey {
      case commands = "Commands"
      case nextToken = "NextToken"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      commands = try fields.readable(.commands)
      nextToken = try fields.decodeIfPresent(String.self, forKey: .nextToken)
    }
  }

  /// Bytes: fifty commands with the scripts that they were sent with.
  static let maximumAnswer = 8 << 20
}

enum GetCommandInvocation {
  static let name = "GetCommandInvocation"

  struct Input: Encodable {
    var commandID: String
    var instanceID: String

    enum CodingKeys: String, CodingKey {
      case commandID = "CommandId"
      case instanceID = "InstanceId"
    }
  }

  struct Output {
    var commandID: String?
    var instanceID: String?
    var comment: String?
    var status: String
    var statusDetails: String?
    var responseCode: Int?
    var standardOutput: String?
    var standardError: String?

    /// Whether this is the answer to that question.
    func isAbout(_ input: Input) -> Bool { commandID == input.commandID && instanceID == input.instanceID }
  }
}

enum CancelCommand {
  static let name = "CancelCommand"

  struct Input: Encodable {
    var commandID: String
    var instanceIDs: [String]

    enum CodingKeys: String, CodingKey {
      case commandID = "CommandId"
      case instanceIDs = "InstanceIds"
    }
  }

  struct Output: Decodable {}
}

enum DescribeInstanceInformation {
  static let name = "DescribeInstanceInformation"

  struct Input: Encodable {
    struct Filter: Encodable {
      let key = "InstanceIds"
      var values: [String]

      enum CodingKeys: String, CodingKey {
        case key = "Key"
        case values = "Values"
      }
    }

    var filters: [Filter]
    let maxResults = 50
    var nextToken: String?

    init(instanceIDs: [String], nextToken: String?) {
      filters = [Filter(values: instanceIDs)]
      self.nextToken = nextToken
    }

    enum CodingKeys: String, CodingKey {
      case filters = "Filters"
      case maxResults = "MaxResults"
      case nextToken = "NextToken"
    }
  }

  struct Output: Decodable {
    struct Instance: Decodable {
      var instanceID: String
      var pingStatus: String?

      private enum Key: String, CodingKey {
        case instanceID = "InstanceId"
        case pingStatus = "PingStatus"
      }

      init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        instanceID = try fields.decode(String.self, forKey: .instanceID)
        pingStatus = fields.words(.pingStatus)
      }
    }

    var instances: [Instance]?
    var nextToken: String?

    private enum Key: String, CodingKey {
      case instances = "InstanceInformationList"
      case nextToken = "NextToken"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      instances = try fields.readable(.instances)
      nextToken = try fields.decodeIfPresent(String.self, forKey: .nextToken)
    }
  }
}

extension GetCommandInvocation.Output: Decodable {
  private enum Key: String, CodingKey {
    case commandID = "CommandId"
    case instanceID = "InstanceId"
    case comment = "Comment"
    case status = "Status"
    case statusDetails = "StatusDetails"
    case responseCode = "ResponseCode"
    case standardOutput = "StandardOutputContent"
    case standardError = "StandardErrorContent"
  }

  /// Whose answer it is and how the command stands decide; the rest are words.
  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    status = try fields.decode(String.self, forKey: .status)
    commandID = try fields.decodeIfPresent(String.self, forKey: .commandID)
    instanceID = try fields.decodeIfPresent(String.self, forKey: .instanceID)
    comment = fields.words(.comment)
    statusDetails = fields.words(.statusDetails)
    responseCode = try? fields.decode(Int.self, forKey: .responseCode)
    standardOutput = fields.words(.standardOutput)
    standardError = fields.words(.standardError)
  }
}
