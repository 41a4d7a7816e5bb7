import Glibc

/// A moment as a calendar date in UTC, to the millisecond.
public struct UTCDateTime: Sendable, Equatable {
  /// From 1970 on.
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int
  /// 0 to 59; UTC's leap seconds do not appear in Unix time.
  public var second: Int
  /// 0 to 999.
  public var millisecond: Int

  /// Just before the year 10,000, in seconds.
  private static let end: Double = 253_402_300_799.999

  /// What is before or after the years that can be written, or no number, becomes the first or the last moment of them.
  public init(_ time: UnixTime) {
    let seconds = time.seconds
    let milliseconds = seconds > 0 ? Int((min(seconds, Self.end) * 1000).rounded(.down)) : 0
    var whole = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&whole, &parts)
    year = Int(parts.tm_year) + 1900
    month = Int(parts.tm_mon) + 1
    day = Int(parts.tm_mday)
    hour = Int(parts.tm_hour)
    minute = Int(parts.tm_min)
    second = Int(parts.tm_sec)
    millisecond = milliseconds % 1000
  }

  /// `20260131T235959Z`, as `X-Amz-Date` wants it.
  public var basic: String { "\(date)T\(pad(hour))\(pad(minute))\(pad(second))Z" }

  /// `2026-01-31T23:59:59Z`, as Run Command's filters want it.
  public var toTheSecond: String {
    "\(pad(year, 4))-\(pad(month))-\(pad(day))T\(pad(hour)):\(pad(minute)):\(pad(second))Z"
  }

  /// `20260131`.
  public var date: String { "\(pad(year, 4))\(pad(month))\(pad(day))" }

  /// `2026-01-31T23:59:59.123Z`, as log lines have it.
  public var extended: String {
    "\(pad(year, 4))-\(pad(month))-\(pad(day))T\(pad(hour)):\(pad(minute)):\(pad(second)).\(pad(millisecond, 3))Z"
  }

  private func pad(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Reads the date of an HTTP header (RFC 9110, 5.6.7: `Sat, 31 Jan 2026 23:59:59 GMT`).
  /// - Returns: nil when the text is not such a date.
  public static func time(httpDate text: String) -> UnixTime? {
    let words = text.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count == 6, words[5] == "GMT", let day = Int32(words[1]), let year = Int32(words[3]),
      let month = months.firstIndex(of: String(words[2]))
    else { return nil }
    let parts = words[4].utf8.split(separator: UInt8(ascii: ":"))
    let time = parts.compactMap { Int32(Substring($0)) }
    // 60 is a leap second.
    guard parts.count == 3, time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
      (0...60).contains(time[2]),
      (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    var date = tm()
    date.tm_year = year - 1900
    date.tm_mon = Int32(month)
    date.tm_mday = day
    date.tm_hour = time[0]
    date.tm_min = time[1]
    let minute = timegm(&date)
    // What a month does not have, such as 31 April, was moved into the next one.
    return date.tm_mday == day ? UnixTime(seconds: Double(minute) + Double(time[2])) : nil
  }
}
