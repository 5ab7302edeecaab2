import AccessControl
import JSON
import JWT
import MartletCommand
import Testing

@Suite("Issuers in the configuration file")
struct IssuerFileTests {
    private static let workspace = #""workspace": {"absent": "own"}"#

    @Test func `Every member arrives`() throws {
        let file = parse(
            #"""
            {"issuers": [{
              "issuer": "https://a.example", "audiences": ["x", "y"],
              "algorithms": ["RS256", "Ed25519"], "key-set-url": "https://a.example/keys",
              "profile": "required", "roles-claims": ["realm_access.roles", ["a.b", "c"]],
              "roles-required": true, "role-names": {"boss": "admin", "dev": ["user", "ci"]},
              "scope-claims": "scp", "scope-names": {"Read": "read:todos"},
              "permissions-claim": "https://a.example/may",
              "workspace": {"claim": "org.team", "names": {"prefix": "t-"},
                            "absent": {"name": "lobby"}}
            }]}
            """#
        )
        #expect(file.mistakes.isEmpty)
        let entry = try #require(file.issuers.first)
        #expect(entry.issuer == "https://a.example")
        #expect(entry.audiences == ["x", "y"])
        #expect(entry.algorithms == [.rs256, .edDSA])
        #expect(entry.keys == .keySetURL("https://a.example/keys"))
        #expect(entry.profile == .required)
        #expect(entry.rolesClaims == [["realm_access", "roles"], ["a.b", "c"]])
        #expect(entry.rolesRequired)
        #expect(entry.roleNames == ["boss": ["admin"], "dev": ["user", "ci"]])
        #expect(entry.scopeClaims == [["scp"]])
        #expect(entry.scopeNames == ["Read": ["read:todos"]])
        #expect(entry.permissionsClaim == ["https://a.example/may"])
        let lobby = try #require(Workspace("lobby"))
        #expect(
            entry.workspace
                == WorkspaceRule(
                    claimPath: ["org", "team"],
                    names: .prefix("t-"),
                    absence: .fixed(lobby)
                )
        )
    }

    @Test func `An issuer that can be asked is asked, unless its keys are said to be elsewhere`() {
        #expect(keys(#""issuer": "https://a.example""#) == .discovery)
        #expect(keys(#""issuer": "http://127.0.0.1:9000/x""#) == .discovery)
        #expect(keys(#""issuer": "https://a.example", "discovery": true"#) == .discovery)
        #expect(
            keys(#""issuer": "https://a.example", "key-files": ["k.pem"]"#)
                == .files([file("k.pem")])
        )
        #expect(
            keys(#""issuer": "a", "discovery": false, "secret-file": "s""#)
                == .secretFile(path: "s")
        )
    }

    @Test func `A file of keys is a name, or an object that says what the file does not`() {
        #expect(
            keys(
                #"""
                "issuer": "a",
                "key-files": ["a.pem", {"path": "b.pem", "algorithm": "PS256", "kid": "b"}]
                """#
            ) == .files([file("a.pem"), file("b.pem", .ps256, "b")])
        )
        #expect(keys(#""issuer": "a", "key-files": "a.pem""#) == .files([file("a.pem")]))
    }

    @Test(
        arguments: [
            (#""issuer": "a""#, "[0]", .noKeys),
            (#""issuer": "https://a.example", "discovery": false"#, "[0]", .noKeys),
            (#""issuer": "http://a.example""#, "[0]", .noKeys),
            (
                #""issuer": "a", "discovery": true"#, "[0].discovery",
                .discoveryWithoutURL(issuer: "a")
            ),
            (
                #""issuer": "a", "key-files": ["k"], "key-set-url": "https://a.example""#, "[0]",
                .severalKeySources(names: ["key-files", "key-set-url"])
            ),
            (
                #""issuer": "a", "key-set-url": "http://a.example""#, "[0].key-set-url",
                .malformedURL(text: "http://a.example")
            ),
            (
                #""issuer": "a", "secret-file": "s", "algorithms": ["RS256"]"#, "[0].algorithms",
                .severalAlgorithmsForSecret
            ),
            (
                #""issuer": "a", "secret-file": "s", "algorithms": ["HS256", "HS512"]"#,
                "[0].algorithms", .severalAlgorithmsForSecret
            ),
            (
                #""issuer": "https://a.example", "algorithms": ["RS256", "HS256"]"#,
                "[0].algorithms", .secretAlgorithmOfPublishedKeys(.hs256)
            ),
            (
                #""issuer": "a", "key-set-url": "https://a.example", "algorithms": ["HS384"]"#,
                "[0].algorithms", .secretAlgorithmOfPublishedKeys(.hs384)
            ),
            (#""issuer": "a", "key-files": []"#, "[0].key-files", .empty),
            (#""issuer": "a", "key-files": [{}]"#, "[0].key-files[0].path", .missing(.text)),
            (
                #""issuer": "a", "key-files": [1]"#, "[0].key-files[0]",
                .otherType(found: .number, expected: .keyFiles)
            ),
        ] as [(String, String, SectionMistake.Reason)]
    )
    func `An issuer has keys from exactly one place that it can be`(
        members: String,
        place: String,
        reason: SectionMistake.Reason
    ) {
        #expect(
            parse("{\"issuers\": [{\(members), \(Self.workspace)}]}").mistakes
                == [mistake("issuers\(place)", reason)]
        )
    }

    @Test(
        arguments: [
            (#"{}"#, "", .noWorkspace),
            (#"{"absent": "refuse"}"#, "", .noWorkspace),
            (#"{"claim": "w"}"#, ".names", .missing(.workspaceNames)),
            (#"{"names": "any"}"#, ".claim", .missing(.claim)),
            (
                #"{"claim": "w", "names": "all"}"#, ".names",
                .notAChoice(text: "all", choices: ["any"])
            ),
            (#"{"claim": "w", "names": []}"#, ".names", .empty),
            (#"{"claim": "w", "names": ["~a"]}"#, ".names", .malformedWorkspace(text: "~a")),
            (#"{"claim": "w", "names": {}}"#, ".names.prefix", .missing(.text)),
            (
                #"{"claim": "w", "names": {"prefix": " "}}"#, ".names.prefix",
                .malformedWorkspace(text: " ")
            ),
            (
                #"{"claim": "w", "names": 1}"#, ".names",
                .otherType(found: .number, expected: .workspaceNames)
            ),
            (#"{"claim": "a..b", "names": "any"}"#, ".claim", .malformedClaim),
            (#"{"claim": [], "names": "any"}"#, ".claim", .malformedClaim),
            (
                #"{"absent": "allow"}"#, ".absent",
                .notAChoice(text: "allow", choices: ["refuse", "own"])
            ),
            (#"{"absent": {}}"#, ".absent.name", .missing(.text)),
            (#"{"absent": {"name": "~x"}}"#, ".absent.name", .malformedWorkspace(text: "~x")),
            (#""own""#, "", .otherType(found: .string, expected: .object)),
        ] as [(String, String, SectionMistake.Reason)]
    )
    func `Where bearers work is said in full`(
        rule: String,
        place: String,
        reason: SectionMistake.Reason
    ) {
        let text = #"{"issuers": [{"issuer": "https://a.example", "workspace": \#(rule)}]}"#
        #expect(parse(text).mistakes == [mistake("issuers[0].workspace\(place)", reason)])
    }

    @Test func `All mistakes are told at once, each with its place and on one line`() {
        let mistakes = parse(
            #"""
            {"port": true, "issuers": [
              {"issuer": "https://a.example"},
              {"issuer": 7, "audience": ["x"], "colour": 1, "profile": "strict",
               "algorithms": ["none", "RS256"], "roles-claims": [[], 3], "roles-required": "yes",
               "role-names": {"a": 1, "b": "x", "b": "y"}, "scope-claims": [],
               "issuer": "again", "workspace": {"claim": "w", "names": "any", "absence": "own"}},
              "https://b.example"
            ]}
            """#
        ).mistakes
        #expect(
            mistakes.dropFirst() == [
                mistake("issuers[0].workspace", .missing(.object)),
                mistake("issuers[1].issuer", .otherType(found: .number, expected: .text)),
                mistake("issuers[1]", .unknownMember(name: "audience", similar: "audiences")),
                mistake("issuers[1]", .unknownMember(name: "colour", similar: nil)),
                mistake(
                    "issuers[1].profile",
                    .notAChoice(text: "strict", choices: ["required", "preferred", "ignored"])
                ),
                mistake(
                    "issuers[1].algorithms",
                    .notAChoice(text: "none", choices: SignatureAlgorithm.allCases.map(\.rawValue))
                ),
                mistake("issuers[1].roles-claims[0]", .malformedClaim),
                mistake(
                    "issuers[1].roles-claims[1]",
                    .otherType(found: .number, expected: .claim)
                ),
                mistake(
                    "issuers[1].roles-required",
                    .otherType(found: .string, expected: .toggle)
                ),
                mistake(
                    #"issuers[1].role-names["a"]"#,
                    .otherType(found: .number, expected: .texts)
                ),
                mistake("issuers[1].role-names", .repeatedMember(name: "b")),
                mistake("issuers[1].scope-claims", .empty),
                mistake("issuers[1]", .repeatedMember(name: "issuer")),
                mistake(
                    "issuers[1].workspace",
                    .unknownMember(name: "absence", similar: "absent")
                ),
                mistake("issuers[2]", .otherType(found: .string, expected: .object)),
            ]
        )
        #expect(mistakes.first == .file(.memberOfOtherType(path: "f", .port, found: .true)))
        for mistake in mistakes { #expect(!"\(mistake)".contains("\n")) }
    }

    @Test func `A misspelled member says where it stands and what was meant`() {
        let mistakes = parse(#"{"issuer": [], "issuers": [{"issuer": "https://a.example"}]}"#)
            .mistakes.map { "\($0)" }
        #expect(mistakes.first?.hasSuffix(#"did you mean "issuers"?"#) == true)
        #expect(mistakes.last == "f: issuers[0].workspace is missing and must be an object")
    }

    @Test(arguments: ["secret", "jwt-secret", "client-secret", "key"])
    func `A secret in the file is refused and does not appear in the message`(name: String) {
        let mistakes = parse(
            """
            {"issuers": [{"issuer": "https://a.example", "\(name)": "hunter2hunter2", \
            \(Self.workspace)}]}
            """
        ).mistakes
        #expect(mistakes == [mistake("issuers[0].\(name)", .secret)])
        #expect(!"\(mistakes)".contains("hunter2"))
        #expect(!"\(mistakes[0])".contains("hunter2"))
    }

    @Test func `An issuer is named once`() {
        let entry = #"{"issuer": "https://a.example", \#(Self.workspace)}"#
        #expect(
            parse("{\"issuers\": [\(entry), \(entry)]}").mistakes == [
                mistake(
                    "issuers[1]",
                    .duplicateIssuer(issuer: "https://a.example", first: "issuers[0]")
                )
            ]
        )
    }

    @Test func `As many issuers as the limit are read, and one more is a mistake`() {
        func file(_ count: Int) -> SettingsFile {
            let entries = (0..<count).map {
                #"{"issuer": "https://\#($0).example", \#(Self.workspace)}"#
            }
            return parse("{\"issuers\": [\(entries.joined(separator: ","))]}")
        }
        let countMax = SettingsFile.issuerCountMax
        #expect(file(countMax).mistakes.isEmpty)
        #expect(file(countMax).issuers.count == countMax)
        #expect(
            file(countMax + 1).mistakes == [mistake("issuers", .tooMany(countMax: countMax))]
        )
    }

    @Test(
        arguments: [
            ("null", .null), ("{}", .object), (#""https://a.example""#, .string), ("1", .number),
        ] as [(String, JSONKind)]
    )
    func `The member is an array`(value: String, kind: JSONKind) {
        let file = parse(#"{"issuers": \#(value), "port": 1}"#)
        #expect(
            file.mistakes == [mistake("issuers", .otherType(found: kind, expected: .issuers))]
        )
    }

    @Test func `A file that is cut off anywhere is malformed and never a crash`() {
        let bytes = Array(
            #"""
            {"issuers": [{"issuer": "https://a.example", "key-files": [{"path": "k"}],
             "role-names": {"a": ["b"]}, "roles-claims": [["a"]], "roles-required": false,
             "workspace": {"claim": "w", "names": {"prefix": "x"}, "absent": {"name": "y"}}}]}
            """#.utf8
        )
        #expect(SettingsFile(content: bytes, path: "f").mistakes.isEmpty)
        for count in 0..<bytes.count {
            let file = SettingsFile(content: Array(bytes[..<count]), path: "f")
            let isMalformed = file.mistakes.contains {
                if case .file(.malformed) = $0 { true } else { false }
            }
            #expect(isMalformed, "\(count) bytes")
        }
    }

    private func parse(_ text: String) -> SettingsFile {
        SettingsFile(content: Array(text.utf8), path: "f")
    }

    private func mistake(_ place: String, _ reason: SectionMistake.Reason) -> SettingMistake {
        .section(SectionMistake(path: "f", place: place, reason))
    }

    private func keys(_ members: String) -> IssuerEntry.Keys? {
        let file = parse("{\"issuers\": [{\(members), \(Self.workspace)}]}")
        #expect(file.mistakes.isEmpty)
        return file.issuers.first?.keys
    }

    private func file(
        _ path: String,
        _ algorithm: SignatureAlgorithm? = nil,
        _ keyID: String? = nil
    ) -> IssuerEntry.KeyFileEntry {
        IssuerEntry.KeyFileEntry(path: path, algorithm: algorithm, keyID: keyID)
    }
}
