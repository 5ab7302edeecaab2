// Character classes and the escapes that may stand in them.
extension PatternParser {
    /// What one escape stands for.
    enum ClassAtom {
        case scalar(UInt32)
        case several([ClosedRange<UInt32>], Set<Unicode.GeneralCategory>)
    }

    /// Reads a class whose opening bracket has been consumed.
    ///
    /// As in ECMA-262 a closing bracket ends it even as the first character: `[]` matches nothing.
    mutating func parseClass() throws(PatternError) -> ScalarSet {
        let start = position - 1
        let isNegated = consume("^")
        var ranges: [ClosedRange<UInt32>] = []
        var categories: Set<Unicode.GeneralCategory> = []
        while !consume("]") {
            let atomStart = position
            guard peek() != nil else { throw PatternError(.unterminatedClass, offset: start) }
            let lower = try parseClassAtom()
            let isRange =
                peek() == "-" && position + 1 < scalars.count && scalars[position + 1] != "]"
            switch lower {
            case .scalar(let value) where !isRange:
                ranges.append(value...value)
            case .scalar(let value):
                position += 1
                guard case .scalar(let upper) = try parseClassAtom(), value <= upper else {
                    throw PatternError(.malformedRange, offset: atomStart)
                }
                ranges.append(value...upper)
            case .several(let more, let moreCategories):
                guard !isRange else { throw PatternError(.malformedRange, offset: atomStart) }
                ranges += more
                categories.formUnion(moreCategories)
            }
        }
        return ScalarSet(ranges, categories: categories, isNegated: isNegated)
    }

    private mutating func parseClassAtom() throws(PatternError) -> ClassAtom {
        let start = position
        guard let scalar = next() else { throw PatternError(.unterminatedClass, offset: start) }
        guard scalar == "\\" else { return .scalar(scalar.value) }
        if consume("b") { return .scalar(0x08) }
        return try parseClassEscape(from: start)
    }

    /// Reads what follows the reverse solidus at `start`.
    mutating func parseClassEscape(from start: Int) throws(PatternError) -> ClassAtom {
        guard let letter = next() else { throw PatternError(.unknownEscape, offset: start) }
        switch letter {
        case "d": return .several(ScalarSet.digitRanges, [])
        case "D": return .several(ScalarSet.complement(of: ScalarSet.digitRanges), [])
        case "w": return .several(ScalarSet.wordRanges, [])
        case "W": return .several(ScalarSet.complement(of: ScalarSet.wordRanges), [])
        case "s": return .several(ScalarSet.spaceRanges, [])
        case "S": return .several(ScalarSet.complement(of: ScalarSet.spaceRanges), [])
        case "p": return try parseProperty(isNegated: false, from: start)
        case "P": return try parseProperty(isNegated: true, from: start)
        case "t": return .scalar(0x09)
        case "n": return .scalar(0x0A)
        case "v": return .scalar(0x0B)
        case "f": return .scalar(0x0C)
        case "r": return .scalar(0x0D)
        case "0":
            if let next = peek(), ("0"..."9").contains(next) {
                throw PatternError(.unknownEscape, offset: start)
            }
            return .scalar(0)
        case "c": return .scalar(try parseControl(from: start))
        case "x": return .scalar(try parseHexadecimal(digitCount: 2, from: start))
        case "u": return .scalar(try parseUnicodeEscape(from: start))
        default:
            let isASCIIPunctuation =
                ("!"..."~").contains(letter) && !ScalarSet.word.contains(letter.value)
            guard isASCIIPunctuation || letter == " " || letter == "_" else {
                throw PatternError(.unknownEscape, offset: start)
            }
            return .scalar(letter.value)
        }
    }

    private mutating func parseControl(from start: Int) throws(PatternError) -> UInt32 {
        guard let letter = next(),
            ("A"..."Z").contains(letter) || ("a"..."z").contains(letter)
        else { throw PatternError(.unknownEscape, offset: start) }
        return letter.value % 32
    }

    private mutating func parseHexadecimal(
        digitCount: Int,
        from start: Int
    ) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digitCount {
            guard let digit = next().flatMap(Self.hexadecimalDigitValue) else {
                throw PatternError(.unknownEscape, offset: start)
            }
            value = value << 4 | digit
        }
        return value
    }

    /// Reads `XXXX`, two of them for a surrogate pair, or `{X…}`.
    private mutating func parseUnicodeEscape(from start: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        if consume("{") {
            var digitCount = 0
            while let digit = peek().flatMap(Self.hexadecimalDigitValue) {
                value = min(value << 4 | digit, ScalarSet.scalarMax + 1)
                position += 1
                digitCount += 1
            }
            guard digitCount > 0, consume("}") else {
                throw PatternError(.unknownEscape, offset: start)
            }
        } else {
            value = try parseHexadecimal(digitCount: 4, from: start)
            if value & 0xFC00 == 0xD800, consume("\\"), consume("u") {
                let low = try parseHexadecimal(digitCount: 4, from: start)
                guard low & 0xFC00 == 0xDC00 else {
                    throw PatternError(.unknownEscape, offset: start)
                }
                value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
            }
        }
        // Half a surrogate pair is no character, and no text has one.
        guard Unicode.Scalar(value) != nil else {
            throw PatternError(.unknownEscape, offset: start)
        }
        return value
    }

    private mutating func parseProperty(
        isNegated: Bool,
        from start: Int
    ) throws(PatternError) -> ClassAtom {
        guard consume("{") else { throw PatternError(.unknownEscape, offset: start) }
        var name = ""
        while let scalar = next(), scalar != "}" { name.unicodeScalars.append(scalar) }
        guard scalars[position - 1] == "}" else {
            throw PatternError(.unknownEscape, offset: start)
        }
        switch name {
        case "Any": return .several(isNegated ? [] : [0...ScalarSet.scalarMax], [])
        case "ASCII": return .several(isNegated ? [0x80...ScalarSet.scalarMax] : [0...0x7F], [])
        default: break
        }
        for prefix in ["gc=", "General_Category="] where name.hasPrefix(prefix) {
            name.removeFirst(prefix.count)
            break
        }
        guard let categories = GeneralCategories.named(name) else {
            throw PatternError(.unknownProperty, offset: start)
        }
        return .several([], isNegated ? GeneralCategories.all.subtracting(categories) : categories)
    }

    private static func hexadecimalDigitValue(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }
}
