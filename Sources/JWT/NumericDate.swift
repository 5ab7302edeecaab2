/// A point in time as claims give it: seconds since 1970-01-01T00:00:00Z, leap seconds not counted
/// (RFC 7519 §2).
public struct NumericDate: Hashable, Sendable {
    public let seconds: Int64

    @inlinable
    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The whole second that `seconds` lies in; beyond the range of `Int64`, its nearest end.
    ///
    /// - Returns: `nil` if it is not a number.
    public init?(roundingDown seconds: Double) {
        guard !seconds.isNaN else { return nil }
        let whole = seconds.rounded(.down)
        // 2^63 is a `Double` and `Int64.max` is not, hence the comparison with the power of two.
        if whole >= 0x1p63 {
            self.init(seconds: .max)
        } else if whole < -0x1p63 {
            self.init(seconds: .min)
        } else {
            self.init(seconds: Int64(whole))
        }
    }

    /// Saturates instead of overflowing: a claim may hold any number.
    public func advanced(bySeconds count: Int64) -> NumericDate {
        let (sum, overflowed) = seconds.addingReportingOverflow(count)
        guard overflowed else { return NumericDate(seconds: sum) }
        return NumericDate(seconds: count < 0 ? .min : .max)
    }
}

extension NumericDate: Comparable {
    public static func < (left: NumericDate, right: NumericDate) -> Bool {
        left.seconds < right.seconds
    }
}

extension NumericDate: CustomStringConvertible {
    public var description: String { "\(seconds)" }
}
