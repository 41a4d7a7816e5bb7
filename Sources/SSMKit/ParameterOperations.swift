/// The operations of Parameter Store that are called, with the fields that are needed (service model `ssm-2014-11-06`).
enum GetParametersByPath {
  static let name = "GetParametersByPath"
  typealias Output = ParameterPage<Parameter>

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
  typealias Output = ParameterPage<Parameter>

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

  struct Parameter: Decodable {
    let name: String

    enum CodingKeys: String, CodingKey {
      case name = "Name"
    }
  }
}

/// A page of parameters, or of what is known of them; an entry that can't be read is passed over.
struct ParameterPage<Parameter: Decodable & Sendable>: Decodable, Sendable {
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
