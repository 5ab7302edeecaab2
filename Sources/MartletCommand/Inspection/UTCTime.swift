import JWT

/// A point in time in words: in the calendar, and from now.
package struct UTCTime: Hashable, Sendable {
    package let date: NumericDate

    package init(_ date: NumericDate) {
        self.date = date
    }

    /// `2026-11-23 17:05:09 UTC`; beyond the years 0 to 9999, that it is.
    package var calendarText: String {
        // 0000-01-01 and 9999-12-31T23:59:59 in the proleptic Gregorian calendar.
        guard (-62_167_219_200...253_402_300_799).contains(date.seconds) else {
            return "beyond the calendar"
        }
        let secondsOfDay = date.seconds.modulo(86_400)
        let (year, month, day) = Self.civil(fromDays: (date.seconds - secondsOfDay) / 86_400)
        let hour = secondsOfDay / 3_600
        let minute = secondsOfDay % 3_600 / 60
        return """
            \(year.padded(4))-\(month.padded(2))-\(day.padded(2)) \
            \(hour.padded(2)):\(minute.padded(2)):\((secondsOfDay % 60).padded(2)) UTC
            """
    }

    /// `in 3 h`, `2 h ago`, `now`.
    package func relativeText(to now: NumericDate) -> String {
        let (difference, overflowed) = date.seconds.subtractingReportingOverflow(now.seconds)
        guard !overflowed, difference != .min else {
            return date < now ? "ages ago" : "in ages"
        }
        guard difference != 0 else { return "now" }
        let span = Self.span(abs(difference))
        return difference > 0 ? "in \(span)" : "\(span) ago"
    }

    /// The span in the largest unit of which there are two or more.
    package static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// The day of the Gregorian calendar, by eras of 400 years that begin in March, so that the
    /// leap day is the last of a year.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let dayOfEra = shifted.modulo(146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    /// The remainder that is never negative.
    fileprivate func modulo(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    fileprivate func padded(_ count: Int) -> String {
        let digits = "\(self)"
        return String(repeating: "0", count: Swift.max(0, count - digits.count)) + digits
    }
}
