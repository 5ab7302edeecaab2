internal import Bytes

/// A day of the Gregorian calendar, in UTC.
struct CalendarDate: Hashable {
    static let secondsPerDay: Int64 = 86_400

    /// Days since 1970-01-01.
    let dayNumber: Int64

    init(dayNumber: Int64) {
        self.dayNumber = dayNumber
    }

    /// The day of a time in seconds since 1970.
    init(seconds: Int64) {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: Self.secondsPerDay)
        dayNumber = rest < 0 ? days - 1 : days
    }

    /// Reads `full-date` (RFC 3339 §5.6), such as `2026-07-27`, from 1970 on.
    ///
    /// - Returns: `nil` for anything else, such as a day that its month does not have.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
            year >= 1970, (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
        // A day too many is the first of the next month and writes itself so.
        guard self.text == text else { return nil }
    }

    /// Counts from March, so that the day that comes every four years is the last of its year
    /// (`days_from_civil`, Howard Hinnant, <https://howardhinnant.github.io/date_algorithms.html>).
    private init(year: Int64, month: Int64, day: Int64) {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.quotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        dayNumber = era * 146_097 + dayOfEra - 719_468
    }

    var startSeconds: Int64 { dayNumber * Self.secondsPerDay }

    /// The Monday on or before this day.
    var monday: CalendarDate {
        // Day 0 was a Thursday.
        let daysSinceMonday = ((dayNumber + 3) % 7 + 7) % 7
        return CalendarDate(dayNumber: dayNumber - daysSinceMonday)
    }

    func adding(days: Int64) -> CalendarDate {
        CalendarDate(dayNumber: dayNumber + days)
    }

    /// As `full-date`, the counterpart of ``init(_:)`` (`civil_from_days`, ibid.).
    ///
    /// - Precondition: The day is not before 1970.
    var text: String {
        let (era, dayOfEra) = (dayNumber + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return [(year, 4), (month, 2), (day, 2)].map(Self.padded).joined(separator: "-")
    }

    private static func padded(_ number: Int64, to digitCount: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, digitCount - digits.count)) + digits
    }
}
