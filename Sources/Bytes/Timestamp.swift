/// Points in time in the form of ISO 8601.
public enum Timestamp {
    /// `2026-07-28T09:05:00.250Z`.
    ///
    /// - Precondition: Not before 1970.
    public static func text(ofMilliseconds milliseconds: Int64) -> String {
        precondition(milliseconds >= 0, "a time before 1970")
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let (days, secondOfDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civil(fromDays: days)
        let (hour, rest) = secondOfDay.quotientAndRemainder(dividingBy: 3_600)
        return """
            \(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\
            \(padded(rest / 60, 2)):\(padded(rest % 60, 2)).\(padded(fraction, 3))Z
            """
    }

    /// The day of the Gregorian calendar, by eras of 400 years that begin in March, so that the
    /// leap day is the last of a year.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ digitCount: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits
    }
}
