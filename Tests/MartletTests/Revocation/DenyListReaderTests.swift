import JSON
import Martlet
import ProtocolTestSupport
import Testing

@Suite("The deny list's file")
struct DenyListReaderTests {
    @Test func `Empty lines, white space and comments do not count, and lines may end in CRLF`()
        throws
    {
        let list = try denyList(
            "# who left\r\n\r\n  \t\n"
                + "{\"iss\": \"a\", \"sub\": \"ada\", \"comment\": \"left in May\"}\r\n"
                + "  # and who was hacked\n  {\"iss\":\"a\",\"jti\":\"7\"}\n"
        )
        #expect(list.count == 2)
        #expect(list.issuers == ["a"])
    }

    @Test func `The last line counts without a line feed if it is whole`() throws {
        let entry = #"{"iss": "a", "sub": "ada", "until": 10}"#
        #expect(try denyList(entry) == denyList("\(entry)\n"))
        for count in 1..<entry.utf8.count {
            let part = String(entry.prefix(count))
            #expect(error(of: "#\n\(part)") == DenyListError(.incompleteLastLine, line: 2))
            // With a line feed behind it nobody is about to complete it.
            guard case .notAnObject = error(of: "#\n\(part)\n")?.reason else {
                Issue.record("accepted \(part)")
                continue
            }
        }
    }

    @Test(
        arguments: [
            (#"{"sub": "ada"}"#, .missingIssuer),
            (#"{"iss": "a"}"#, .deniesNothing),
            (#"{"iss": "a", "until": 1}"#, .deniesNothing),
            (#"{"iss": "a", "jti": "7", "sub": "ada"}"#, .tokenAndMore),
            (#"{"iss": "a", "jti": "7", "issued-before": 1}"#, .tokenAndMore),
            (#"{"iss": "a", "sub": "ada", "issued_before": 1}"#, .unknownMember),
            (#"{"iss": "a", "sub": "ada", "s\u0075b": "eve"}"#, .repeatedMember),
            (#"{"iss": "", "sub": "ada"}"#, .emptyText),
            (#"{"iss": "a", "sub": ""}"#, .emptyText),
            (#"{"iss": "a", "jti": ""}"#, .emptyText),
            (#"{"iss": "a", "issued-before": 1.5}"#, .notATime),
            (#"{"iss": "a", "issued-before": -1}"#, .notATime),
            (#"{"iss": "a", "issued-before": 1764230400000}"#, .notATime),
            (#"{"iss": "a", "sub": "ada", "until": 1e30}"#, .notATime),
        ] as [(String, DenyListError.Reason)]
    )
    func `An entry that may not mean what it says makes the list unusable`(
        line: String,
        reason: DenyListError.Reason
    ) {
        #expect(error(of: "\n\(line)\n") == DenyListError(reason, line: 2))
    }

    @Test(
        arguments: [
            #"["iss"]"#, "null", "iss: a", #"{"iss": 1}"#, #"{"iss": "a", "sub": null}"#,
            #"{"iss": "a", "issued-before": "100"}"#, #"{"iss": "a", "sub": {"x": 1}}"#,
            #"{"iss": "a", "sub": "ada"}{"iss": "a", "sub": "eve"}"#,
            #"{"iss": "a", "sub": "ada"} # left"#, #"{"iss": "a", "sub": "ada", "comment": 1}"#,
            "\u{FEFF}{\"iss\": \"a\", \"sub\": \"ada\"}",
        ]
    )
    func `A line that is not one object of strings and numbers makes the list unusable`(
        line: String
    ) {
        guard case .notAnObject = error(of: "\(line)\n")?.reason else {
            Issue.record("accepted \(line)")
            return
        }
    }

    @Test func `Messages say nothing of who is denied`() {
        let lines = [
            #"{"iss": "hidden", "sub": "hidden", "hidden": 1}"#, #"{"iss": "hidden"}"#,
            #"{"iss": "hidden", "jti": "hidden", "sub": "hidden"}"#, #"{"iss": hidden}"#,
        ]
        for line in lines {
            let message = error(of: "\(line)\n").map { "\($0)" } ?? ""
            #expect(message.hasPrefix("line 1: "))
            #expect(!message.contains("hidden"))
        }
    }

    @Test func `A list of the most entries is read, and one entry more makes it unusable`() throws {
        var text = ""
        for number in 0..<DenyList.entryCountMax {
            text += "{\"iss\":\"a\",\"jti\":\"\(number)\"}\n"
        }
        let list = try denyList(text)
        #expect(list.count == DenyList.entryCountMax)
        #expect(list.denies(bearer("a", "ada", id: "99999"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "ada", id: "100000"), nowSeconds: 0))
        #expect(
            error(of: text + #"{"iss":"a","jti":"0"}"#)
                == DenyListError(
                    .tooManyEntries(countMax: DenyList.entryCountMax),
                    line: DenyList.entryCountMax + 1
                )
        )
    }

    @Test func `A name has the most entries that differ, and one more makes the list unusable`()
        throws
    {
        // Later dates that count for a shorter time: none includes another.
        let lines = (0...DenyList.denialsPerNameCountMax).map {
            #"{"iss": "a", "sub": "ada", "issued-before": \#($0), "until": \#(1_000 - $0)}"#
        }
        #expect(try denyList(lines.dropLast().joined(separator: "\n")).count == 1)
        #expect(
            error(of: lines.joined(separator: "\n"))?.reason
                == .tooManyOfOneName(countMax: DenyList.denialsPerNameCountMax)
        )
    }

    @Test func `A name may be denied again and again, each time with a later date`() throws {
        let lines = (0..<1_000).map {
            #"{"iss": "a", "sub": "ada", "issued-before": \#($0), "until": \#($0 + 100)}"#
        }
        let list = try denyList(lines.joined(separator: "\n"))
        #expect(list.denies(bearer("a", "ada", issuedAt: 998), nowSeconds: 1_098))
        #expect(!list.denies(bearer("a", "ada", issuedAt: 999), nowSeconds: 1_098))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `Bytes that were changed at random never trap, and mean what they say or nothing`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let sound = Array(
            """
            # a comment
            {"iss": "https://issuer.example", "jti": "f3\\u0061", "until": 1795000000}
            {"iss": "https://issuer.example", "sub": "ad\u{E4}", "comment": "x"}
            {"iss": "https://issuer.example", "sub": "eve", "issued-before": 1.7e9}

            {"iss": "https://issuer.example", "issued-before": 1794000000}

            """.utf8
        )
        var refusedCount = 0
        for _ in 0..<500 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            do throws(DenyListError) {
                #expect(try DenyListReader.read(bytes.span).count <= 4, "seed \(seed)")
            } catch {
                refusedCount += 1
                #expect(error.line >= 1, "seed \(seed)")
            }
        }
        #expect(refusedCount > 0, "seed \(seed)")
    }

    private func error(of text: String) -> DenyListError? {
        do throws(DenyListError) {
            _ = try DenyListReader.read(text.utf8.span)
            return nil
        } catch {
            return error
        }
    }
}
