/// A regular expression as its grammar divides it (ECMA-262 §22.2.1).
///
/// Groups do not appear: whether one captures makes no difference to whether a text matches.
indirect enum PatternNode {
    case empty
    case scalar(UInt32)
    case set(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// Greedy or not: that decides what is captured and not whether there is a match.
    case repetition(PatternNode, min: Int, max: Int?)
}

/// What must hold between two characters (ECMA-262 §22.2.2.4).
enum PatternAssertion: Hashable, Sendable {
    case start
    case end
    case wordBoundary
    case noWordBoundary

    /// Whether it holds between two characters; `nil` is the edge of the text.
    func holds(between previous: UInt32?, and next: UInt32?) -> Bool {
        switch self {
        case .start: previous == nil
        case .end: next == nil
        case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
        case .noWordBoundary: Self.isWord(previous) == Self.isWord(next)
        }
    }

    private static func isWord(_ scalar: UInt32?) -> Bool {
        guard let scalar else { return false }
        return ScalarSet.word.contains(scalar)
    }
}
