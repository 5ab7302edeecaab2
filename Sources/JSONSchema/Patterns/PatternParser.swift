/// Reads a regular expression of ECMA-262 with the flag `u`, as JSON Schema asks for.
///
///     Disjunction = Alternative *( "|" Alternative )
///     Alternative = *Term
///     Term        = Assertion / Atom [ Quantifier ]
///     Atom        = "." / PatternCharacter / "\" AtomEscape / CharacterClass
///                 / "(" [ "?:" / "?<" name ">" ] Disjunction ")"
///     Quantifier  = ( "*" / "+" / "?" / "{" n [ "," [ m ] ] "}" ) [ "?" ]
///
/// More lenient than the flag `u` in two ways that authors rely on: a brace or closing bracket
/// that begins nothing stands for itself, and so does any escaped ASCII punctuation.
struct PatternParser {
    /// How many groups may be open at once: this parser calls itself for each.
    static let groupDepthMax = 64

    let scalars: [Unicode.Scalar]
    var position = 0
    private var groupDepth = 0

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try parseDisjunction()
        guard position == scalars.count else { throw error(.unmatchedParenthesis) }
        return node
    }

    private mutating func parseDisjunction() throws(PatternError) -> PatternNode {
        var alternatives = [try parseAlternative()]
        while consume("|") { alternatives.append(try parseAlternative()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseAlternative() throws(PatternError) -> PatternNode {
        var terms: [PatternNode] = []
        while let next = peek(), next != "|", next != ")" { terms.append(try parseTerm()) }
        return terms.count == 1 ? terms[0] : .sequence(terms)
    }

    private mutating func parseTerm() throws(PatternError) -> PatternNode {
        let atom = try parseAtom()
        let end = position
        guard let (min, max) = quantifier() else { return atom }
        if case .assertion = atom { throw PatternError(.nothingToRepeat, offset: end) }
        _ = consume("?")
        if let max, max < min { throw PatternError(.reversedBounds, offset: end) }
        guard !isQuantifierNext else { throw error(.nothingToRepeat) }
        return .repetition(atom, min: min, max: max)
    }

    private mutating func parseAtom() throws(PatternError) -> PatternNode {
        guard !isQuantifierNext else { throw error(.nothingToRepeat) }
        guard let scalar = next() else { return .empty }
        switch scalar {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case ".": return .set(.notLineTerminator)
        case "(": return try parseGroup()
        case "[": return .set(try parseClass())
        case "\\": return try parseEscape()
        default: return .scalar(scalar.value)
        }
    }

    private mutating func parseGroup() throws(PatternError) -> PatternNode {
        let start = position - 1
        guard groupDepth < Self.groupDepthMax else {
            throw PatternError(.tooDeep(depthMax: Self.groupDepthMax), offset: start)
        }
        if consume("?") { try skipGroupPrefix(from: start) }
        groupDepth += 1
        defer { groupDepth -= 1 }
        let node = try parseDisjunction()
        guard consume(")") else { throw PatternError(.unterminatedGroup, offset: start) }
        return node
    }

    /// Consumes `:` or `<name>`.
    private mutating func skipGroupPrefix(from start: Int) throws(PatternError) {
        switch next() {
        case ":":
            return
        case "=", "!":
            throw PatternError(.lookaround, offset: start)
        case "<":
            if peek() == "=" || peek() == "!" { throw PatternError(.lookaround, offset: start) }
            var length = 0
            while let scalar = next() {
                if scalar == ">", length > 0 { return }
                guard scalar == "$" || scalar.properties.isIDContinue else { break }
                length += 1
            }
            throw PatternError(.unknownGroup, offset: start)
        default:
            throw PatternError(.unknownGroup, offset: start)
        }
    }

    /// An escape outside of a class.
    private mutating func parseEscape() throws(PatternError) -> PatternNode {
        let start = position - 1
        switch peek() {
        case "b":
            position += 1
            return .assertion(.wordBoundary)
        case "B":
            position += 1
            return .assertion(.noWordBoundary)
        case "k":
            throw PatternError(.backreference, offset: start)
        case .some("1"..."9"):
            throw PatternError(.backreference, offset: start)
        default:
            switch try parseClassEscape(from: start) {
            case .scalar(let value): return .scalar(value)
            case .several(let ranges, let categories):
                return .set(ScalarSet(ranges, categories: categories))
            }
        }
    }
}

// Looking ahead.
extension PatternParser {
    func peek() -> Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position += 1
        return scalar
    }

    mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    func error(_ reason: PatternError.Reason) -> PatternError {
        PatternError(reason, offset: position)
    }

    private var isQuantifierNext: Bool {
        var ahead = self
        return ahead.quantifier() != nil
    }

    /// Consumes a quantifier, if one stands here.
    ///
    /// Bounds saturate: what exceeds the limit of instructions does so by far.
    private mutating func quantifier() -> (min: Int, max: Int?)? {
        switch peek() {
        case "*":
            position += 1
            return (0, nil)
        case "+":
            position += 1
            return (1, nil)
        case "?":
            position += 1
            return (0, 1)
        case "{":
            let start = position
            position += 1
            if let bounds = bracedBounds() { return bounds }
            position = start
            return nil
        default:
            return nil
        }
    }

    private mutating func bracedBounds() -> (min: Int, max: Int?)? {
        guard let min = decimal() else { return nil }
        if consume("}") { return (min, min) }
        guard consume(",") else { return nil }
        if consume("}") { return (min, nil) }
        guard let max = decimal(), consume("}") else { return nil }
        return (min, max)
    }

    private mutating func decimal() -> Int? {
        let start = position
        var value = 0
        while let scalar = peek(), ("0"..."9").contains(scalar) {
            value = Swift.min(value * 10 + Int(scalar.value - 0x30), 1_000_000_000)
            position += 1
        }
        return position > start ? value : nil
    }
}
