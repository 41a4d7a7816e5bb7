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

    enum CodingKeys: String, CodingKey {
      case parameters = "Parameters"
      case nextToken = "NextToken"
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

    enum CodingKeys: String, CodingKey {
      case documentName = "DocumentName"
      case instanceIDs = "InstanceIds"
      case comment = "Comment"
      case deliveryTimeout = "TimeoutSeconds"
      case parameters = "Parameters"
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
  var commandID: String
  var comment: String?
  var status: String?
  var statusDetails: String?
  var instanceIDs: [String]?

  enum CodingKeys: String, CodingKey {
    case commandID = "CommandId"
    case comment = "Comment"
    case status = "Status"
    case statusDetails = "StatusDetails"
    case instanceIDs = "InstanceIds"
  }
}

enum ListCommands {
  static let name = "ListCommands"

  struct Filter: Encodable {
    let key = "Status"
    var value: String
  }

  struct Input: Encodable {
    /// nil for all commands.
    var commandID: String?
    /// nil for all instances.
    var instanceID: String?
    var filters: [Filter]?
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

    enum CodingKeys: String, CodingKey {
      case commands = "Commands"
      case nextToken = "NextToken"
    }
  }
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

  struct Output: Decodable {
    var status: String
    var statusDetails: String?
    var responseCode: Int?
    var standardOutput: String?
    var standardError: String?

    enum CodingKeys: String, CodingKey {
      case status = "Status"
      case statusDetails = "StatusDetails"
      case responseCode = "ResponseCode"
      case standardOutput = "StandardOutputContent"
      case standardError = "StandardErrorContent"
    }
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

      enum CodingKeys: String, CodingKey {
        case instanceID = "InstanceId"
        case pingStatus = "PingStatus"
      }
    }

    var instances: [Instance]?
    var nextToken: String?

    enum CodingKeys: String, CodingKey {
      case instances = "InstanceInformationList"
      case nextToken = "NextToken"
    }
  }
}
