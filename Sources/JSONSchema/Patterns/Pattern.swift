/// A regular expression as a program for a nondeterministic automaton.
///
/// The subset of ECMA-262 that JSON Schema recommends (2020-12, §6.4) and more: alternatives,
/// groups, classes, general categories, quantifiers, anchors, word boundaries. Lookaround and
/// backreferences are refused, since with them no bound on time can be given.
///
/// The search is Thompson's: all threads advance together through the text, so that it takes at
/// most ``instructionCountMax`` steps a character whatever pattern and text are. A pattern is not
/// anchored unless it says so.
package struct Pattern: Sendable {
    /// What one thread of the automaton does next.
    enum Instruction: Sendable {
        case scalar(UInt32)
        case set(Int)
        case assertion(PatternAssertion)
        /// Goes on at both places.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// How large the program of one pattern may be: `a{4095}` fits, `(a{1000}){1000}` does not.
    package static let instructionCountMax = 4_096

    package let source: String
    let instructions: [Instruction]
    let sets: [ScalarSet]

    /// Whether it can match at the start of a text only.
    let isAnchoredAtStart: Bool

    package init(_ source: String) throws(PatternError) {
        var parser = PatternParser(source)
        var compiler = PatternCompiler()
        try compiler.compile(try parser.parse())
        self.source = source
        instructions = compiler.instructions
        sets = compiler.sets
        isAnchoredAtStart = if case .assertion(.start) = instructions[0] { true } else { false }
    }

    package var instructionCount: Int { instructions.count }

    /// Whether the pattern matches anywhere in `text`.
    ///
    /// - Parameters:
    ///   - text: The text, in which only Unicode scalar values count.
    ///   - steps: How many steps may be taken; reduced by those that were.
    /// - Returns: Whether there is a match.
    /// - Throws: ``EvaluationBound/steps`` if there are too few.
    package func matches(_ text: String, steps: inout Int) throws(EvaluationBound) -> Bool {
        var matcher = PatternMatcher()
        return try matcher.matches(self, text.utf8.span, steps: &steps)
    }
}
