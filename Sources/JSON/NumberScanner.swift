import Bytes

/// Finds the end of a number and proves that it is one (RFC 8259 §6).
///
///     number = [ minus ] int [ frac ] [ exp ]
///     int    = zero / ( digit1-9 *DIGIT )
///     frac   = decimal-point 1*DIGIT
///     exp    = e [ minus / plus ] 1*DIGIT
enum NumberScanner {
    /// Scans the number that begins at `start`.
    @inline(__always)
    static func scan(
        _ input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> JSONNumber {
        var index = start
        if index < input.count, input[index] == ASCII.hyphen { index += 1 }
        let integerStart = index
        index = try endOfDigits(in: input, from: index)
        if input[integerStart] == ASCII.zero, index > integerStart + 1 {
            throw JSONError(.malformedNumber, offset: integerStart)
        }
        let integerEnd = index
        if index < input.count, input[index] == ASCII.fullStop {
            index = try endOfDigits(in: input, from: index + 1)
        }
        if index < input.count, input[index] | 0x20 == 0x65 {
            index += 1
            if index < input.count, input[index] == ASCII.plus || input[index] == ASCII.hyphen {
                index += 1
            }
            index = try endOfDigits(in: input, from: index)
        }
        return JSONNumber(range: start..<index, isInteger: index == integerEnd)
    }

    /// The end of at least one digit.
    @inline(__always)
    private static func endOfDigits(
        in input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> Int {
        var index = start
        while index < input.count, ASCII.isDigit(input[index]) { index &+= 1 }
        guard index > start else {
            if index == input.count { throw JSONError(.endOfInput, offset: index) }
            throw JSONError(.malformedNumber, offset: index)
        }
        return index
    }
}
