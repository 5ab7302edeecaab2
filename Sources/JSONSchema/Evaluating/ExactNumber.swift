import Bytes

/// A number of JSON's grammar by value, however long: ± digits × 10 ^ exponent.
///
/// Exact where a `Double` rounds: 0.1 is a tenth, and integers of 30 digits differ in the last.
/// Equal values are equal here, however they are spelt (`1`, `1.0`, `10e-1`). Taking one apart
/// costs a pass over its text; up to 19 digits nothing is allocated.
struct ExactNumber: Hashable, Sendable {
    let isNegative: Bool

    /// The digits without zeros at either end, if there are at most ``significandDigitCountMax``.
    let significand: UInt64

    /// The same as values 0 to 9, the most significant first, if there are more; otherwise empty.
    let digits: [UInt8]

    /// Saturated at ± 10^17: beyond, two exponents are taken for the same.
    let exponent: Int

    /// What fits `UInt64` whatever the digits are.
    static let significandDigitCountMax = 19

    private static let exponentMagnitudeMax = 100_000_000_000_000_000

    /// - Precondition: A reader found a number in `text` at `range`.
    init(_ range: Range<Int>, in text: borrowing Span<UInt8>) {
        var index = range.lowerBound
        let isNegative = index < range.upperBound && text[index] == ASCII.hyphen
        if isNegative { index += 1 }
        let start = index

        var significand: UInt64 = 0
        // Counted from the first digit that is not zero.
        var digitCount = 0
        var digitCountToLastNonzero = 0
        var fractionDigitCount = 0
        var isInFraction = false
        while index < range.upperBound, text[index] | 0x20 != 0x65 {
            let byte = text[index]
            index += 1
            guard byte != ASCII.fullStop else {
                isInFraction = true
                continue
            }
            if isInFraction { fractionDigitCount += 1 }
            let digit = byte &- ASCII.zero
            guard digit != 0 || digitCount > 0 else { continue }
            digitCount += 1
            guard digit != 0 else { continue }
            if digitCount <= Self.significandDigitCountMax {
                significand *= Self.powerOfTen(digitCount - digitCountToLastNonzero)
                significand += UInt64(digit)
            }
            digitCountToLastNonzero = digitCount
        }
        let end = index
        var exponent = 0
        if index < range.upperBound {
            exponent = Self.exponent(in: text, from: index + 1, to: range.upperBound)
        }

        guard digitCount > 0 else {
            self.init(isNegative: false, significand: 0, digits: [], exponent: 0)
            return
        }
        exponent += digitCount - digitCountToLastNonzero - fractionDigitCount
        guard digitCountToLastNonzero > Self.significandDigitCountMax else {
            self.init(
                isNegative: isNegative,
                significand: significand,
                digits: [],
                exponent: exponent
            )
            return
        }
        var digits: [UInt8] = []
        digits.reserveCapacity(digitCountToLastNonzero)
        for index in start..<end where digits.count < digitCountToLastNonzero {
            let byte = text[index]
            if byte == ASCII.fullStop || (digits.isEmpty && byte == ASCII.zero) { continue }
            digits.append(byte &- ASCII.zero)
        }
        self.init(isNegative: isNegative, significand: 0, digits: digits, exponent: exponent)
    }

    private init(isNegative: Bool, significand: UInt64, digits: [UInt8], exponent: Int) {
        self.isNegative = isNegative
        self.significand = significand
        self.digits = digits
        self.exponent = exponent
    }

    var isZero: Bool { significand == 0 && digits.isEmpty }

    /// Whether the value is one; the spelling does not matter.
    var isInteger: Bool { exponent >= 0 }

    /// The value, if it is an integer from 0 on; `Int.max` if it is greater than that.
    var count: Int? {
        guard isInteger, !isNegative else { return nil }
        guard digits.isEmpty, exponent < Self.significandDigitCountMax else { return .max }
        let (product, overflowed) = significand.multipliedReportingOverflow(
            by: Self.powerOfTen(exponent)
        )
        return overflowed ? .max : Int(clamping: product)
    }

    /// Reads `[ minus / plus ] 1*DIGIT`.
    private static func exponent(
        in text: borrowing Span<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int {
        var magnitude = 0
        var isNegative = false
        for index in start..<end {
            switch text[index] {
            case ASCII.hyphen: isNegative = true
            case ASCII.plus: break
            default:
                magnitude = magnitude * 10 + Int(text[index] &- ASCII.zero)
                magnitude = min(magnitude, exponentMagnitudeMax)
            }
        }
        return isNegative ? -magnitude : magnitude
    }

    /// - Precondition: `exponent` is 0 to 19.
    private static func powerOfTen(_ exponent: Int) -> UInt64 {
        powersOfTen[exponent]
    }

    private static let powersOfTen: [20 of UInt64] = .init { exponent in
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}

extension ExactNumber: Comparable {
    static func < (first: ExactNumber, second: ExactNumber) -> Bool {
        if first.isZero { return !second.isZero && !second.isNegative }
        if second.isZero { return first.isNegative }
        guard first.isNegative == second.isNegative else { return first.isNegative }
        return first.isNegative
            ? second.isMagnitude(lessThan: first)
            : first.isMagnitude(lessThan: second)
    }

    /// - Precondition: Neither is zero.
    private func isMagnitude(lessThan other: ExactNumber) -> Bool {
        let place = exponent + digitCount
        let otherPlace = other.exponent + other.digitCount
        guard place == otherPlace else { return place < otherPlace }
        if digits.isEmpty, other.digits.isEmpty {
            return UInt128(significand) * UInt128(Self.powerOfTen(19 - digitCount))
                < UInt128(other.significand) * UInt128(Self.powerOfTen(19 - other.digitCount))
        }
        return allDigits.lexicographicallyPrecedes(other.allDigits)
    }

    private var digitCount: Int {
        guard digits.isEmpty else { return digits.count }
        var count = 1
        while count < Self.significandDigitCountMax, significand >= Self.powerOfTen(count) {
            count += 1
        }
        return count
    }

    private var allDigits: [UInt8] {
        guard digits.isEmpty else { return digits }
        var rest = significand
        var result: [UInt8] = []
        while rest > 0 {
            result.append(UInt8(rest % 10))
            rest /= 10
        }
        return result.reversed()
    }
}

extension ExactNumber {
    /// Whether the value divided by `divisor` is an integer, exactly.
    ///
    /// 0.3 is a multiple of 0.1, which arithmetic in `Double` denies. Powers of ten are reduced by
    /// squaring, so 1e400 costs no more than 1.
    ///
    /// - Precondition: `divisor` is positive and has ``significandDigitCountMax`` digits at most.
    func isMultiple(of divisor: ExactNumber) -> Bool {
        if isZero { return true }
        let shift = exponent - divisor.exponent
        // The digits do not end in zero, so ten does not divide them.
        guard shift >= 0 else { return false }
        let modulus = UInt128(divisor.significand)
        var remainder = UInt128(significand) % modulus
        for digit in digits { remainder = (remainder * 10 + UInt128(digit)) % modulus }

        var power = 10 % modulus
        var rest = shift
        while rest > 0, remainder != 0 {
            if rest & 1 == 1 { remainder = remainder * power % modulus }
            power = power * power % modulus
            rest >>= 1
        }
        return remainder == 0
    }
}
