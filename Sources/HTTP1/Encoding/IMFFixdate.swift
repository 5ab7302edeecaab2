internal import Bytes

/// A time of day in the one format that HTTP sends (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37
/// GMT`.
///
/// Formatted once a second and kept by the event loop, since every response carries it.
public struct IMFFixdate: Hashable, Sendable {
    private static let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The last second of the year 9999: a year has four digits.
    private static let secondsMax: Int64 = 253_402_300_799

    /// Seconds since 1970-01-01 00:00:00 UTC, within the years 1970 to 9999.
    public private(set) var secondsSinceEpoch: Int64

    /// The whole field, name and CRLF included.
    private(set) var fieldLine: ByteBuffer

    /// - Parameter secondsSinceEpoch: Seconds since 1970-01-01 00:00:00 UTC; a time outside the
    ///   years 1970 to 9999 becomes the nearest within.
    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, 0), Self.secondsMax)
        fieldLine = ByteBuffer()
        format()
    }

    /// The 29 characters of the date.
    public var text: String {
        String(decoding: fieldLine.bytes.dropFirst(6).dropLast(2), as: UTF8.self)
    }

    /// Formats the time anew if it is another second.
    public mutating func update(secondsSinceEpoch newValue: Int64) {
        let seconds = min(max(newValue, 0), Self.secondsMax)
        guard seconds != secondsSinceEpoch else { return }
        secondsSinceEpoch = seconds
        format()
    }

    private mutating func format() {
        let dayNumber = Int(secondsSinceEpoch / 86_400)
        let second = Int(secondsSinceEpoch % 86_400)
        let date = Self.date(ofDayNumber: dayNumber)
        fieldLine.removeAll()
        fieldLine.append("Date: ")
        fieldLine.append(Self.dayNames[dayNumber % 7])
        fieldLine.append(", ")
        append(date.day, digitCount: 2)
        fieldLine.append(ASCII.space)
        fieldLine.append(Self.monthNames[date.month - 1])
        fieldLine.append(ASCII.space)
        append(date.year, digitCount: 4)
        fieldLine.append(ASCII.space)
        append(second / 3_600, digitCount: 2)
        fieldLine.append(ASCII.colon)
        append(second / 60 % 60, digitCount: 2)
        fieldLine.append(ASCII.colon)
        append(second % 60, digitCount: 2)
        fieldLine.append(" GMT\r\n")
    }

    private mutating func append(_ number: Int, digitCount: Int) {
        var divisor = 1
        for _ in 1..<digitCount { divisor *= 10 }
        while divisor > 0 {
            fieldLine.append(ASCII.zero + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are taken to begin in March, which puts the leap day last: then both the days before a
    /// month and the days before a year have closed forms.
    private static func date(ofDayNumber dayNumber: Int) -> (year: Int, month: Int, day: Int) {
        // 719,468 days lie between 0000-03-01 and 1970-01-01; 400 years are 146,097 days.
        let days = dayNumber + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months from March on repeat 31, 30, 31, 30, 31: 153 days in five.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }
}
