/// A set of Unicode scalar values, as a character class denotes it (ECMA-262 §22.2.2.9).
///
/// ASCII is one bit each; beyond, ranges are searched by halves and general categories asked of
/// the standard library's tables.
struct ScalarSet: Sendable {
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    /// Ascending, neither overlapping nor adjacent, beyond ASCII only.
    private var ranges: [ClosedRange<UInt32>] = []

    private var categories: Set<Unicode.GeneralCategory> = []
    private var isNegated = false

    /// The class of these ranges and categories, or of all that is in none of them.
    init(
        _ ranges: [ClosedRange<UInt32>],
        categories: Set<Unicode.GeneralCategory> = [],
        isNegated: Bool = false
    ) {
        let merged = Self.merged(ranges)
        for scalar in UInt32(0)..<0x80 {
            let isInRange = merged.contains { $0.contains(scalar) }
            let isInCategory = !categories.isEmpty && Self.has(scalar, categories)
            if (isInRange || isInCategory) != isNegated { insert(ascii: scalar) }
        }
        self.ranges = merged.filter { $0.upperBound >= 0x80 }
        self.categories = categories
        self.isNegated = isNegated
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return ascii.low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return ascii.high >> UInt64(scalar &- 64) & 1 == 1 }
        return containsNonASCII(scalar)
    }

    private func containsNonASCII(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        if low < ranges.count, ranges[low].contains(scalar) { return !isNegated }
        if !categories.isEmpty, Self.has(scalar, categories) { return !isNegated }
        return isNegated
    }

    private mutating func insert(ascii scalar: UInt32) {
        if scalar < 64 {
            ascii.low |= 1 << UInt64(scalar)
        } else {
            ascii.high |= 1 << UInt64(scalar - 64)
        }
    }

    private static func has(_ scalar: UInt32, _ categories: Set<Unicode.GeneralCategory>) -> Bool {
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        return categories.contains(scalar.properties.generalCategory)
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                let upper = max(last.upperBound, range.upperBound)
                merged[merged.count - 1] = last.lowerBound...upper
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// All scalar values that are in none of the ranges.
    static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in merged(ranges) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= scalarMax { result.append(next...scalarMax) }
        return result
    }
}

// The classes that have an escape of their own.
extension ScalarSet {
    static let scalarMax: UInt32 = 0x10FFFF

    /// `\d`: the ASCII digits only, unlike in Python.
    static let digitRanges: [ClosedRange<UInt32>] = [0x30...0x39]

    /// `\w`: ASCII only, as without the flags `u` and `i` together.
    static let wordRanges: [ClosedRange<UInt32>] = [
        0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A,
    ]

    /// `\s`: WhiteSpace and LineTerminator (ECMA-262 §12.2 and §12.3).
    static let spaceRanges: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
        0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    static let word = ScalarSet(wordRanges)

    /// What the full stop matches: all but the line terminators.
    static let notLineTerminator = ScalarSet(
        [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029],
        isNegated: true
    )
}
