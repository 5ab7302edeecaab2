import JSONSchema
import Testing

/// What the pattern engine says, for those who need no more than that.
enum PatternProbe {
    static func error(of pattern: String) throws -> PatternError {
        do {
            _ = try Pattern(pattern)
        } catch {
            return error
        }
        throw Compiled()
    }

    private struct Compiled: Error {}

    static func matches(_ pattern: String, _ text: String) throws -> Bool {
        var steps = 1_000_000
        return try Pattern(pattern).matches(text, steps: &steps)
    }

    static func steps(_ pattern: String, _ text: String) throws -> Int {
        var steps = 100_000_000
        _ = try Pattern(pattern).matches(text, steps: &steps)
        return 100_000_000 - steps
    }
}

@Suite("Regular expressions (ECMA-262 §22.2, JSON Schema Core 2020-12 §6.4)")
struct PatternTests {
    @Test(
        arguments: [
            ("", ["", "a"], []),
            ("b", ["b", "abc"], ["", "a"]),
            ("^b", ["b", "bc"], ["ab", ""]),
            ("b$", ["b", "ab"], ["bc", "b\n", ""]),
            ("^$", [""], ["a", "\n"]),
            ("^a|b$", ["ax", "xb", "a"], ["xa", "bx"]),
            ("^(?:a|bc)$", ["a", "bc"], ["b", "abc"]),
            ("^(?<name>a)(b)$", ["ab"], ["a"]),
            ("^a||b$", ["", "x"], []),
            ("^(|a)b$", ["b", "ab"], ["a", "aab"]),
            ("^a*$", ["", "aaa"], ["aab"]),
            ("^a+?$", ["a", "aa"], ["", "b"]),
            ("^ab?c$", ["ac", "abc"], ["abbc"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaa"], ["a"]),
            ("^a{1,3}?$", ["a", "aaa"], ["", "aaaa"]),
            ("^a{0}$", [""], ["a"]),
            ("^a{0,1}b{0,}$", ["", "a", "bb"], ["aa"]),
            ("^(ab){2,3}$", ["abab", "ababab"], ["ab", "abababab", "aba"]),
            ("^(a*)*$", ["", "aa"], ["b"]),
            ("^(a|b*)+c$", ["c", "abbc"], ["ab"]),
            ("^(){1000000000}$", [""], ["a"]),
            ("^a{,2}$", ["a{,2}"], ["a", "aa"]),
            ("^{}]$", ["{}]"], ["{"]),
            ("^.$", ["a", "é", "😀", "\u{85}"], ["", "\n", "\r", "\u{2028}", "\u{2029}", "ab"]),
            ("^[abc]$", ["a", "c"], ["d", ""]),
            ("^[a-c-]$", ["b", "-"], ["d"]),
            ("^[^a-c]$", ["d", "\n", "é"], ["a", ""]),
            ("^[]$", [], ["", "a"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("^[\\]\\\\^]$", ["]", "\\", "^"], ["a"]),
            ("^[\\b]$", ["\u{8}"], ["b"]),
            ("^[é-ü😀-😂]$", ["é", "ö", "😁"], ["e", "😃"]),
            ("^[\\d\\-x]$", ["5", "-", "x"], ["a"]),
            ("^[\\D]$", ["a", "٣"], ["3"]),
            ("^\\d\\D\\w\\W\\s\\S$", ["1a_- b"], ["aaaaaa", "1a_-b "]),
            ("^\\d$", ["0", "9"], ["٣", "a"]),
            ("^\\w+$", ["aZ_09"], ["é", "a-b"]),
            (
                "^\\s$", [" ", "\t", "\u{A0}", "\u{FEFF}", "\u{2029}", "\u{3000}"],
                ["a", "\u{200B}"]
            ),
            ("\\bcat\\b", ["cat", "a cat.", "-cat-"], ["cats", "concat", "_cat"]),
            ("^\\B-\\B$", ["-"], []),
            ("a\\Bb", ["ab"], ["a b"]),
            ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\u{B}\u{C}\r\0"], [""]),
            ("^\\x41\\u0042\\u{43}\\u{1F600}\\ud83d\\ude00\\cJ$", ["ABC😀😀\n"], ["ABC"]),
            ("^\\.\\*\\/\\-\\@\\_$", [".*/-@_"], ["a"]),
            ("^\\p{L}+$", ["aéß漢"], ["1", ""]),
            ("^\\p{Lu}\\P{Lu}$", ["Éé", "A1"], ["AA", "aa"]),
            ("^\\p{Letter}\\p{gc=Nd}\\p{General_Category=Sc}$", ["a٣€"], ["a3a"]),
            ("^[\\p{Nd}x]+$", ["1x٣"], ["y"]),
            ("^[^\\P{L}a]$", ["b", "é"], ["a", "1"]),
            ("^\\p{ASCII}\\P{ASCII}\\p{Any}$", ["aé\n"], ["éaa"]),
            ("^\\u0000-\\u001F$", ["\0-\u{1F}"], []),
        ] as [(String, [String], [String])]
    )
    func `A pattern matches what ECMA-262 says`(
        pattern: String,
        matching: [String],
        others: [String]
    ) throws {
        for text in matching {
            #expect(try PatternProbe.matches(pattern, text), "\(pattern) \(text.debugDescription)")
        }
        for text in others {
            #expect(try !PatternProbe.matches(pattern, text), "\(pattern) \(text.debugDescription)")
        }
    }

    @Test(
        arguments: [
            ("a(?=b)", .lookaround, 1), ("(?!b)", .lookaround, 0), ("(?<=a)b", .lookaround, 0),
            ("(?<!a)b", .lookaround, 0), ("(a)\\1", .backreference, 3),
            ("(?<x>a)\\k<x>", .backreference, 7), ("(?i:a)", .unknownGroup, 0),
            ("(?P<x>a)", .unknownGroup, 0), ("(?<>a)", .unknownGroup, 0), ("(?", .unknownGroup, 0),
            ("(a", .unterminatedGroup, 0), ("a)", .unmatchedParenthesis, 1),
            ("[a", .unterminatedClass, 0), ("[", .unterminatedClass, 0),
            ("[z-a]", .malformedRange, 1), ("[\\d-z]", .malformedRange, 1),
            ("[a-\\d]", .malformedRange, 1), ("\\", .unknownEscape, 0), ("\\a", .unknownEscape, 0),
            ("\\Z", .unknownEscape, 0), ("\\é", .unknownEscape, 0), ("\\x4", .unknownEscape, 0),
            ("\\u004", .unknownEscape, 0), ("\\u{}", .unknownEscape, 0),
            ("\\u{110000}", .unknownEscape, 0), ("\\u{99999999999}", .unknownEscape, 0),
            ("\\ud800", .unknownEscape, 0), ("\\ud800\\u0041", .unknownEscape, 0),
            ("\\c1", .unknownEscape, 0), ("\\01", .unknownEscape, 0), ("\\p", .unknownEscape, 0),
            ("\\p{L", .unknownEscape, 0), ("\\p{Greek}", .unknownProperty, 0),
            ("\\p{Script=Greek}", .unknownProperty, 0), ("*a", .nothingToRepeat, 0),
            ("a|+", .nothingToRepeat, 2), ("a**", .nothingToRepeat, 2),
            ("{2}", .nothingToRepeat, 0), ("^*", .nothingToRepeat, 1),
            ("a{3,2}", .reversedBounds, 1),
        ] as [(String, PatternError.Reason, Int)]
    )
    func `What is no pattern, or none that linear time allows, is refused`(
        pattern: String,
        reason: PatternError.Reason,
        offset: Int
    ) throws {
        let error = try PatternProbe.error(of: pattern)
        #expect(error.reason == reason)
        #expect(error.offset == offset)
    }

    @Test func `Groups nest 64 deep`() throws {
        func pattern(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")*", count: depth)
        }
        #expect(try PatternProbe.matches(pattern(64), "a"))
        #expect(try PatternProbe.error(of: pattern(65)).reason == .tooDeep(depthMax: 64))
    }

    @Test(arguments: [
        ("a{4095}", "a{4096}"), ("(ab?){1365}", "(ab?){1366}"), ("a{4000,}", "(a{1000}){1000}"),
        ("a{0,2047}", "a{0,2048}"), ("(){9}", "((a{9}){999999}){999999}"),
        ("b", "a{999999999999999999999}"),
    ])
    func `A program has 4,096 instructions at most`(fits: String, exceeds: String) throws {
        #expect(try Pattern(fits).instructionCount <= Pattern.instructionCountMax)
        let limit = PatternError.Reason.tooLarge(instructionCountMax: 4_096)
        #expect(try PatternProbe.error(of: exceeds).reason == limit)
    }

    @Test(arguments: [
        "(a+)+$", "^(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}$", "(a?){20}a{20}$", "(a*)*b",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
    ])
    func `Patterns that make others take exponential time take linear time`(
        pattern: String
    ) throws {
        let bound = try Pattern(pattern).instructionCount
        for count in [100, 1_000, 10_000] {
            let text = String(repeating: "a", count: count) + "!"
            #expect(try PatternProbe.steps(pattern, text) <= bound * (count + 2))
        }
    }

    @Test func `An anchored pattern gives up at the first character that cannot match`() throws {
        let text = String(repeating: "a", count: 100_000)
        #expect(try PatternProbe.steps("^b", text) < 5)
    }

    @Test func `A search ends when its steps are spent`() throws {
        let pattern = try Pattern("(a|b)*c")
        var steps = 50
        #expect(throws: EvaluationBound.steps) {
            try pattern.matches(String(repeating: "ab", count: 50), steps: &steps)
        }
        #expect(steps == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Random patterns never trap`(seed: UInt64) throws {
        let pieces = Array("ab()[]{}|*+?.^$\\-,:<=!0123dDwWsSbBpPukxcLé😀/")
        var generator = SeededGenerator(seed: seed)
        var compiledCount = 0
        for _ in 0..<5_000 {
            let length = Int(generator.next() % 12)
            let source = String(
                (0..<length).map { _ in
                    pieces[Int(generator.next() % UInt64(pieces.count))]
                }
            )
            do {
                let pattern = try Pattern(source)
                compiledCount += 1
                for text in ["", "ab", "a-b é😀", "\\0", "bbb[1]"] {
                    var steps = 1_000_000
                    _ = try pattern.matches(text, steps: &steps)
                }
            } catch let error as PatternError {
                #expect(error.offset <= source.unicodeScalars.count, "\(source)")
            }
        }
        #expect(compiledCount > 500, "seed \(seed)")
    }
}
