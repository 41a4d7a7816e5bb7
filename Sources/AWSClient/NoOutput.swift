/// The output of an operation that has none: its success is an empty body, or an empty object.
public struct NoOutput: Decodable, Sendable {}
