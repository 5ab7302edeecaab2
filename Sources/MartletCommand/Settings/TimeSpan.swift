/// A time as an operator writes it: `3600` or `3600s`, `90m`, `24h`, `7d`.
package enum TimeSpan {
    /// A token that lives longer than a year is a password.
    package static let secondsMax: Int64 = 366 * 86_400

    /// - Returns: Seconds, or `nil` unless the text is a time from 1 second to ``secondsMax``.
    package static func seconds(_ text: String) -> Int64? {
        var digits = text[...]
        var unit: Int64 = 1
        switch text.last {
        case "s": digits = text.dropLast()
        case "m": (digits, unit) = (text.dropLast(), 60)
        case "h": (digits, unit) = (text.dropLast(), 3_600)
        case "d": (digits, unit) = (text.dropLast(), 86_400)
        default: break
        }
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(digits)
        else { return nil }
        let (seconds, overflowed) = count.multipliedReportingOverflow(by: unit)
        guard !overflowed, (1...secondsMax).contains(seconds) else { return nil }
        return seconds
    }
}
