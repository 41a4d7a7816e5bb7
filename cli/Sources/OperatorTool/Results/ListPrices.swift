/// AWS's list prices in USD, of us-east-1 and beyond the free tier, as they were on 2026-11-26:
/// https://aws.amazon.com/lambda/pricing and https://aws.amazon.com/step-functions/pricing. Other regions differ by a few
/// percent.
enum ListPrices {
  static let date = "2026-11-26"
  static let region = "us-east-1"

  /// For a second in which a function has 1,024 MB.
  static func gigabyteSecond(_ architecture: String) -> Double {
    architecture == "arm64" ? 0.0000133334 : 0.0000166667
  }

  static let invocation = 0.20 / 1_000_000
  /// Of a Standard workflow.
  static let transition = 0.025 / 1_000
}
