import Groundwork
import Testing

@Suite struct UTCDateTimeTests {
  @Test(arguments: [
    (0, "19700101T000000Z", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z"),
    (951_782_399.999, "20000228T235959Z", "2000-02-28T23:59:59.999Z", "2000-02-28T23:59:59Z"),
    (4_102_444_800, "21000101T000000Z", "2100-01-01T00:00:00.000Z", "2100-01-01T00:00:00Z"),
  ])
  func formats(seconds: Double, basic: String, extended: String, toTheSecond: String) {
    let time = UTCDateTime(UnixTime(seconds: seconds))
    #expect(time.basic == basic)
    #expect(time.extended == extended)
    #expect(time.toTheSecond == toTheSecond)
  }

  @Test(
    arguments: [
      ("Sat, 31 Jan 2026 12:00:00 GMT", 1_769_860_800), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("", nil),
      ("Sat, 31 Jan 2026 23:59:60:x GMT", nil),
      ("yesterday", nil),
      ("Sat, 31 Foo 2026 12:00:00 GMT", nil), ("Sat, 31 Jan 2026 12:00 GMT", nil),
      ("Sat, 31 Jan 2026 12:00:00 CET", nil), ("Sat, 31 Jan 2026 24:00:00 GMT", nil),
      ("Sat, 31 Jan 2026 12:60:00 GMT", nil), ("Sat, 31 Jan 2026 12:00:61 GMT", nil),
      ("Sat, 31 Jan 2026 12:00:-1 GMT", nil), ("Sat, 31 Jan 2026 12:00:2147483647 GMT", nil),
      ("Fri, 31 Apr 2026 12:00:00 GMT", nil), ("Sat, 29 Feb 2025 12:00:00 GMT", nil),
      ("Tue, 29 Feb 2028 00:00:00 GMT", 1_835_395_200), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
    ] as [(String, Double?)])
  func httpDates(text: String, seconds: Double?) {
    #expect(UTCDateTime.time(httpDate: text) == seconds.map { UnixTime(seconds: $0) })
  }

  @Test(
    arguments: [
      (-.infinity, "1970-01-01T00:00:00.000Z"), (-1, "1970-01-01T00:00:00.000Z"),
      (.nan, "1970-01-01T00:00:00.000Z"),
      (.infinity, "9999-12-31T23:59:59.999Z"), (1e300, "9999-12-31T23:59:59.999Z"),
    ] as [(Double, String)])
  func whatHasNoDate(seconds: Double, text: String) {
    #expect(UTCDateTime(UnixTime(seconds: seconds)).extended == text)
  }
}
