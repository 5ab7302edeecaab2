/// Numbers written as ASCII digits.
public enum Decimal {
    /// The value of one or more decimal digits.
    ///
    /// - Returns: `nil` if the input is empty, holds anything but digits (a sign counts as such),
    ///   or exceeds `Int.max`.
    public static func parse(_ digits: borrowing Span<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var value = 0
        for index in digits.indices {
            guard ASCII.isDigit(digits[index]) else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(Int(digits[index] - ASCII.zero))
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        return value
    }
}
