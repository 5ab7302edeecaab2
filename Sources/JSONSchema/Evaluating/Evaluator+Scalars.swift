import Bytes
import JSON

// Keywords that look at one value alone.
extension Evaluator {
    mutating func satisfies(
        general keyword: Keyword,
        at value: Int
    ) throws(EvaluationBound) -> Bool {
        switch keyword {
        case .kinds(let kinds):
            if kinds.admits(values.kind(of: value)) { return true }
            guard kinds.contains(.integer), case .number(let extent) = values.nodes[value] else {
                return refuse(kinds, at: value)
            }
            return try number(at: extent.range).isInteger ? true : refuse(kinds, at: value)
        case .const(let allowed):
            return try equals(allowed.value, value) ? true : refuse(.notEqual(allowed.text))
        case .enumeration(let allowed):
            for option in allowed where try equals(option.value, value) { return true }
            guard purpose == .telling else { return false }
            return refuse(.notAmong(allowed.map(\.text)))
        default:
            return true
        }
    }

    mutating func satisfies(
        numeric keyword: Keyword,
        at range: Range<Int>
    ) throws(EvaluationBound) -> Bool {
        let number = try number(at: range)
        switch keyword {
        case .multipleOf(let bound):
            // Squarings, one for each bit of the difference of exponents.
            let shift = number.exponent - bound.value.exponent
            try charge(Int.bitWidth - max(shift, 0).leadingZeroBitCount)
            if number.isMultiple(of: bound.value) { return true }
            return refuse(.notMultiple(of: bound.text, value: excerpt(of: range)))
        case .minimum(let bound):
            if number >= bound.value { return true }
            return refuse(.belowMinimum(bound.text.text, value: excerpt(of: range)))
        case .exclusiveMinimum(let bound):
            if number > bound.value { return true }
            return refuse(.notAbove(bound.text, value: excerpt(of: range)))
        case .maximum(let bound):
            if number <= bound.value { return true }
            return refuse(.aboveMaximum(bound.text.text, value: excerpt(of: range)))
        case .exclusiveMaximum(let bound):
            if number < bound.value { return true }
            return refuse(.notBelow(bound.text, value: excerpt(of: range)))
        default:
            return true
        }
    }

    mutating func satisfies(
        textual keyword: Keyword,
        _ string: JSONString
    ) throws(EvaluationBound) -> Bool {
        switch keyword {
        case .minLength(let lengthMin):
            try charge(byteCount: string.range.count)
            let length = reader.scalarCount(of: string)
            return length >= lengthMin
                ? true : refuse(.tooShort(length: length, lengthMin: lengthMin))
        case .maxLength(let lengthMax):
            try charge(byteCount: string.range.count)
            let length = reader.scalarCount(of: string)
            return length <= lengthMax
                ? true : refuse(.tooLong(length: length, lengthMax: lengthMax))
        case .pattern(let pattern):
            if try matches(pattern, string) { return true }
            return refuse(.patternMismatch(excerpt(program.patterns[pattern].source)))
        default:
            return true
        }
    }

    mutating func matches(_ pattern: Int, _ string: JSONString) throws(EvaluationBound) -> Bool {
        let pattern = program.patterns[pattern]
        guard string.hasEscapes else {
            return try matcher.matches(pattern, reader.bytes(in: string.range), steps: &steps)
        }
        try charge(byteCount: string.range.count)
        decoded.removeAll()
        reader.decode(string, into: &decoded)
        // A copy of the reference: the buffer cannot be lent while the evaluator changes.
        let text = decoded
        return try matcher.matches(pattern, text.span, steps: &steps)
    }

    mutating func number(at range: Range<Int>) throws(EvaluationBound) -> ExactNumber {
        try charge(byteCount: range.count)
        return ExactNumber(0..<range.count, in: reader.bytes(in: range))
    }

    /// Whether a value is the constant, by value: `1.0` is 1, and the order of members is free.
    mutating func equals(_ constant: Constant, _ value: Int) throws(EvaluationBound) -> Bool {
        try charge(1)
        switch (constant, values.nodes[value]) {
        case (.null, .null):
            return true
        case (.bool(let expected), .bool(let found)):
            return expected == found
        case (.number(let expected), .number(let extent)):
            return try number(at: extent.range) == expected
        case (.string(let expected), .string(let extent)),
            (.string(let expected), .name(_, let extent)):
            // Every byte of text takes at least one, and at most six as an escape.
            guard extent.range.count >= expected.count else { return false }
            try charge(byteCount: min(extent.range.count, expected.count * 6))
            return reader.equals(extent.string, expected.span)
        case (.array(let expected), .array(let count, _)):
            guard expected.count == Int(count) else { return false }
            var element = value + 1
            for constant in expected {
                guard try equals(constant, element) else { return false }
                element = values.index(after: element)
            }
            return true
        case (.object(let expected), .object(let count, _)):
            guard expected.count == Int(count) else { return false }
            var name = value + 1
            for _ in 0..<count {
                guard let constant = try member(of: expected, named: name),
                    try equals(constant, name + 1)
                else { return false }
                name = values.index(after: name + 1)
            }
            return true
        default:
            return false
        }
    }

    private mutating func member(
        of members: [(name: ByteBuffer, value: Constant)],
        named name: Int
    ) throws(EvaluationBound) -> Constant? {
        guard case .name(_, let extent) = values.nodes[name] else { return nil }
        try charge(byteCount: extent.range.count)
        var text = ByteBuffer()
        reader.decode(extent.string, into: &text)
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].name.bytes.lexicographicallyPrecedes(text.bytes) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < members.count && members[low].name == text ? members[low].value : nil
    }
}
