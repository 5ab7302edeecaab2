/// Why a regular expression is none that this engine runs, and where.
public struct PatternError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// `(?=`, `(?!`, `(?<=` or `(?<!`, which no automaton decides in linear time here.
        case lookaround
        /// `\1` or `\k<name>`: with them matching takes exponential time.
        case backreference
        /// `(?` followed by anything but `:` or a name.
        case unknownGroup
        case unterminatedGroup
        case unmatchedParenthesis
        case unterminatedClass
        /// The ends of a range in a class are in the wrong order, or one of them is itself a class.
        case malformedRange
        /// An escape sequence that ECMA-262 does not define, or that stands for no character.
        case unknownEscape
        /// A property of `\p{…}` other than a general category, `Any` or `ASCII`.
        case unknownProperty
        case nothingToRepeat
        /// `{n,m}` with n above m.
        case reversedBounds
        case tooDeep(depthMax: Int)
        case tooLarge(instructionCountMax: Int)
    }

    public let reason: Reason

    /// How many Unicode scalar values of the expression stand before the place.
    public let offset: Int

    init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension PatternError: CustomStringConvertible {
    public var description: String {
        "\(reason) at character \(offset) of the pattern"
    }
}

extension PatternError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .lookaround: "lookahead and lookbehind are not supported"
        case .backreference: "backreferences are not supported"
        case .unknownGroup: "unknown kind of group"
        case .unterminatedGroup: "group without a closing parenthesis"
        case .unmatchedParenthesis: "closing parenthesis without a group"
        case .unterminatedClass: "character class without a closing bracket"
        case .malformedRange: "malformed range in a character class"
        case .unknownEscape: "unknown escape sequence"
        case .unknownProperty: "property other than a general category"
        case .nothingToRepeat: "quantifier with nothing to repeat"
        case .reversedBounds: "quantifier whose lower bound exceeds the upper one"
        case .tooDeep(let depthMax): "groups nested more than \(depthMax) deep"
        case .tooLarge(let instructionCountMax):
            "the pattern needs more than \(instructionCountMax) instructions"
        }
    }
}
