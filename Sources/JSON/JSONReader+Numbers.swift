import Bytes

// The values of the numbers that the reader has found.
extension JSONReader {
    /// The value, if it is an integer and fits.
    ///
    /// As in JSON Schema the value counts and not its spelling: `1.0`, `10e-1` and `1` are the same
    /// integer.
    public func integer(of number: JSONNumber) -> Int? {
        DecimalNumber(number, in: input).integer
    }

    /// The nearest value a `Double` can have.
    ///
    /// Does not allocate for numbers of up to 15 significant digits and an exponent of up to 22
    /// either way.
    ///
    /// - Returns: `nil` if the number is beyond the largest finite `Double`.
    public func double(of number: JSONNumber) -> Double? {
        if let exact = DecimalNumber(number, in: input).exactDouble { return exact }
        // Swift's own conversion is correctly rounded and accepts every number of JSON's grammar.
        let text = text(of: JSONString(range: number.range, hasEscapes: false))
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
