/// Runs patterns; keeps its storage from one search to the next.
///
/// Cost: one step for each instruction that a thread reaches at one place of the text, hence at
/// most the program's length times the text's, and three steps a character for a typical pattern.
struct PatternMatcher {
    /// Where threads wait, before the assertions and splits ahead of them are followed.
    private var waiting: [Int] = []

    /// Where threads stand that consume the next character.
    private var consuming: [Int] = []

    private var stack: [Int] = []

    /// By instruction: the last round that reached it.
    private var reached: [Int] = []
    private var round = 0

    /// Whether the pattern matches anywhere in a text.
    ///
    /// - Precondition: `text` is UTF-8.
    mutating func matches(
        _ pattern: Pattern,
        _ text: borrowing Span<UInt8>,
        steps: inout Int
    ) throws(EvaluationBound) -> Bool {
        while reached.count < pattern.instructions.count { reached.append(0) }
        waiting.removeAll(keepingCapacity: true)
        var position = 0
        var previous: UInt32?
        while true {
            var end = position
            let next = Self.scalar(in: text, at: &end)
            if position == 0 || !pattern.isAnchoredAtStart { waiting.append(0) }
            round += 1
            consuming.removeAll(keepingCapacity: true)
            for start in waiting
            where try follow(from: start, in: pattern, previous, next, steps: &steps) {
                return true
            }
            guard let next else { return false }
            if consuming.isEmpty, pattern.isAnchoredAtStart { return false }
            waiting.removeAll(keepingCapacity: true)
            for index in consuming where Self.consumes(pattern, at: index, next) {
                waiting.append(index + 1)
            }
            previous = next
            position = end
        }
    }

    /// Lets one thread go on until it needs a character.
    ///
    /// - Returns: `true` if the pattern has matched.
    private mutating func follow(
        from start: Int,
        in pattern: Pattern,
        _ previous: UInt32?,
        _ next: UInt32?,
        steps: inout Int
    ) throws(EvaluationBound) -> Bool {
        stack.append(start)
        while let index = stack.popLast() {
            guard reached[index] != round else { continue }
            reached[index] = round
            guard steps > 0 else {
                stack.removeAll(keepingCapacity: true)
                throw .steps
            }
            steps -= 1
            switch pattern.instructions[index] {
            case .scalar, .set:
                consuming.append(index)
            case .assertion(let assertion):
                if assertion.holds(between: previous, and: next) { stack.append(index + 1) }
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .jump(let target):
                stack.append(target)
            case .match:
                stack.removeAll(keepingCapacity: true)
                return true
            }
        }
        return false
    }

    private static func consumes(_ pattern: Pattern, at index: Int, _ scalar: UInt32) -> Bool {
        switch pattern.instructions[index] {
        case .scalar(let value): value == scalar
        case .set(let set): pattern.sets[set].contains(scalar)
        default: false
        }
    }

    /// The scalar value that begins at `position`, which is moved past it; `nil` at the end.
    @inline(__always)
    private static func scalar(in text: borrowing Span<UInt8>, at position: inout Int) -> UInt32? {
        guard position < text.count else { return nil }
        let first = text[position]
        guard first >= 0x80 else {
            position += 1
            return UInt32(first)
        }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for index in position + 1..<position + length {
            value = value << 6 | UInt32(text[index]) & 0x3F
        }
        position += length
        return value
    }
}
