import Glibc

/// Header fields in their order; names compare without regard to case (RFC 9110, 5.1).
public struct HTTPHeaders: Sendable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// A name and its value.
  public struct Field: Sendable, Equatable {
    /// As it was written.
    public var name: String
    /// Without the space around it.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private var written: [Field]
  /// An answer's: behind those that were written.
  private var received = ReceivedLines()

  /// In the order in which they are sent or came.
  public var fields: [Field] { received.isEmpty ? written : written + received.fields }

  /// Fields in this order.
  public init(_ fields: [Field]) { written = fields }

  /// Fields in this order.
  public init(arrayLiteral elements: Field...) { written = elements }

  /// Names and values in this order.
  public init(dictionaryLiteral elements: (String, String)...) {
    written = elements.map { Field($0.0, $0.1) }
  }

  /// What came with an answer.
  init(_ received: ReceivedLines) {
    written = []
    self.received = received
  }

  /// The first value of a name.
  public subscript(name: String) -> String? {
    written.first { $0.name.equalsIgnoringCase(name) }?.value ?? received.value(of: name)
  }

  /// Adds a field behind the others, also where the name is there already.
  public mutating func append(_ name: String, _ value: String) {
    if !received.isEmpty { self = HTTPHeaders(fields) }
    written.append(Field(name, value))
  }
}

extension HTTPHeaders: Equatable {
  /// The same fields in the same order.
  public static func == (left: Self, right: Self) -> Bool { left.fields == right.fields }
}

extension String {
  /// Compares ASCII letters without regard to case.
  fileprivate func equalsIgnoringCase(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    var (mine, theirs) = (self, other)
    return mine.withUTF8 { mine in
      theirs.withUTF8 { theirs in
        guard let first = mine.baseAddress, let second = theirs.baseAddress else { return true }
        return strncasecmp(first, second, mine.count) == 0
      }
    }
  }
}
