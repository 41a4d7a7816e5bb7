import AWSClient

extension Region {
  /// The region of an instance by the naming convention: `nv-…` is in us-east-1, `fra-…` in eu-central-1;
  /// nil for other names.
  static func ofInstance(named name: String) -> Region? {
    if name.hasPrefix("nv-") { return .virginia }
    if name.hasPrefix("fra-") { return .frankfurt }
    return nil
  }
}
