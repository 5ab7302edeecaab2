import Bytes

/// A number of JSON's grammar, taken apart: ± significand × 10 ^ exponent.
struct DecimalNumber {
    private let isNegative: Bool

    /// The digits without leading and trailing zeros; `nil` if they exceed `UInt64`.
    private let significand: UInt64?

    /// Saturated: beyond ± a thousand million no number is an integer, or a finite one.
    private let exponent: Int

    private static let exponentMagnitudeMax = 1_000_000_000

    /// Reads a number of any length in one pass.
    ///
    /// - Precondition: A reader found `number` in `input`.
    init(_ number: JSONNumber, in input: borrowing Span<UInt8>) {
        var index = number.range.lowerBound
        let end = number.range.upperBound
        let isNegative = index < end && input[index] == ASCII.hyphen
        if isNegative { index += 1 }

        var digits = Digits()
        var fractionDigitCount = 0
        var isInFraction = false
        while index < end, input[index] | 0x20 != 0x65 {
            if input[index] == ASCII.fullStop {
                isInFraction = true
            } else {
                digits.append(UInt64(input[index] &- ASCII.zero))
                if isInFraction { fractionDigitCount += 1 }
            }
            index += 1
        }
        var exponent = 0
        if index < end { exponent = Self.exponent(in: input, from: index + 1, to: end) }

        self.isNegative = isNegative
        significand = digits.significand
        self.exponent = exponent - fractionDigitCount + digits.trailingZeroCount
    }

    /// The value, if it is an integer that fits.
    var integer: Int? {
        guard var magnitude = significand else { return nil }
        if magnitude == 0 { return 0 }
        guard (0...19).contains(exponent) else { return nil }
        for _ in 0..<exponent {
            let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflowed else { return nil }
            magnitude = product
        }
        if isNegative, magnitude == Int.min.magnitude { return Int.min }
        guard let value = Int(exactly: magnitude) else { return nil }
        return isNegative ? -value : value
    }

    /// The value, if significand and power of ten are both exact as `Double`.
    ///
    /// One multiplication or division of exact values is correctly rounded (IEEE 754 §5.1).
    var exactDouble: Double? {
        guard let significand, significand < 1 << 53 else { return nil }
        let magnitude: Double
        switch exponent {
        case _ where significand == 0: magnitude = 0
        case 0...22: magnitude = Double(significand) * Self.powersOfTen[exponent]
        case -22..<0: magnitude = Double(significand) / Self.powersOfTen[-exponent]
        default: return nil
        }
        return isNegative ? -magnitude : magnitude
    }

    /// Reads `[ minus / plus ] 1*DIGIT`.
    private static func exponent(
        in input: borrowing Span<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int {
        var magnitude = 0
        var isNegative = false
        for index in start..<end {
            switch input[index] {
            case ASCII.hyphen: isNegative = true
            case ASCII.plus: break
            default:
                magnitude = magnitude * 10 + Int(input[index] &- ASCII.zero)
                magnitude = min(magnitude, exponentMagnitudeMax)
            }
        }
        return isNegative ? -magnitude : magnitude
    }

    private static let powersOfTen: [23 of Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

/// Digits gathered so that zeros at the end cost no precision.
private struct Digits {
    private(set) var significand: UInt64? = 0
    private(set) var trailingZeroCount = 0

    mutating func append(_ digit: UInt64) {
        guard let value = significand else { return }
        if digit == 0 {
            if value != 0 { trailingZeroCount += 1 }
            return
        }
        significand = Self.value(value, followedBy: trailingZeroCount, zerosAnd: digit)
        trailingZeroCount = 0
    }

    private static func value(
        _ value: UInt64,
        followedBy zeroCount: Int,
        zerosAnd digit: UInt64
    ) -> UInt64? {
        if value == 0 { return digit }
        guard zeroCount < 20 else { return nil }
        var result = value
        for _ in 0...zeroCount {
            let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
            guard !overflowed else { return nil }
            result = product
        }
        let (sum, overflowed) = result.addingReportingOverflow(digit)
        return overflowed ? nil : sum
    }
}
