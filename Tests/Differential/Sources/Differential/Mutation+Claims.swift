import JWT

extension Mutation {
    /// The claims, each in spellings that implementations read differently.
    static let claims: [Mutation] = [
        Mutation(name: "exp") { draft, _, generator in
            draft.with(claim: "exp", generator.choose(dates)).token
        },
        Mutation(name: "nbf") { draft, _, generator in
            draft.with(claim: "nbf", generator.choose(dates)).token
        },
        Mutation(name: "a date too small for a double") { draft, _, generator in
            draft.with(claim: generator.choose(["exp", "nbf"]), "1e-400").token
        },
        Mutation(name: "iat") { draft, _, generator in
            draft.with(claim: "iat", generator.choose(dates)).token
        },
        Mutation(name: "aud") { draft, _, generator in
            let audience = quoted(World.audience)
            let values: [String?] = [
                nil, "null", "1", "{}", "[]", #""""#, #""https://mcp.example/mcp/""#,
                #""HTTPS://mcp.example/mcp""#, #""https:\/\/mcp.example\/mcp""#, "[\(audience)]",
                "[\"x\",\(audience)]", "[\(audience),1]", "[\(audience),null]", "[[\(audience)]]",
                "[null]", #""https://mcp.example/mcp\u0000""#, #""https://mcp.example/ｍcp""#,
                #""https://mcp.example/mcp\u200b""#,
            ]
            return draft.with(claim: "aud", generator.choose(values)).token
        },
        Mutation(name: "iss") { draft, _, generator in
            let values: [String?] = [
                nil, "null", "1", "[]", #""""#, #""https://issuer.example/\u00e9""#,
                #""https://issuer.example/e\u0301""#, "\"https://issuer.example/e\u{301}\"",
                #""https://issuer.example/e""#, #""https://issuer.example/é ""#,
                #""https://issuer.example/é\u0000""#, #"["https://issuer.example/é"]"#,
                #""https:\/\/issuer.example\/é""#, #""https://issuer.example/É""#,
            ]
            return draft.with(claim: "iss", generator.choose(values)).token
        },
        Mutation(name: "sub") { draft, _, generator in
            let values: [String?] = [
                nil, "null", "1", "[]", "{}", "true", #""""#, #"" ""#, #""a\u0000b""#, #""a\nb""#,
                #""a\u0085""#, #""\u202eeve""#, #""é""#, #""e\u0301""#, #""\ud83d\ude00""#,
                #""\ud800""#, #""\udc00\ud800""#, #""\uFEFFada""#, #""a\u00addа""#,
                quoted(String(repeating: "s", count: 255)),
                quoted(String(repeating: "s", count: 256)),
                quoted(String(repeating: "é", count: 128)),
            ]
            return draft.with(claim: "sub", generator.choose(values)).token
        },
        Mutation(name: "scope") { draft, _, generator in
            let values: [String?] = [nil, "null", "1", "[]", #"["a"]"#, "[1]", #""""#, "{}"]
            return draft.with(claim: generator.choose(["scope", "scp"]), generator.choose(values))
                .token
        },
        Mutation(name: "claims of other kinds of tokens") { draft, _, generator in
            let claims = [
                ("nonce", #""n""#), ("at_hash", #""h""#), ("typ", #""ID""#), ("typ", #""Bearer""#),
                ("typ", #""Refresh""#), ("jti", "1"), ("jti", #""t""#), ("client_id", "null"),
                ("client_id", #""c""#), ("azp", "7"), ("azp", #""c""#),
            ]
            let (name, value) = generator.choose(claims)
            return draft.with(claim: name, value).token
        },
        Mutation(name: "a claim twice") { draft, _, generator in
            var draft = draft
            draft.claims.append(
                generator.choose([
                    ("sub", #""eve""#), ("sub", #""ada""#), ("\\u0073ub", #""eve""#),
                    ("exp", "\(World.now + 9_999)"), ("exp", "1"), ("iss", #""x""#),
                    ("aud", #""x""#), ("scope", #""delete:todos""#), ("realm_access", "{}"),
                ])
            )
            return draft.token
        },
    ]

    /// Numbers that are dates, or would like to be.
    private static let dates: [String?] = [
        nil, "null", "true", "[]", "{}", #""1800000600""#, "\(World.now)", "\(World.now - 1)",
        "\(World.now + 1)", "\(World.now).5", "\(World.now - 1).9999999", "\(World.now + 1).5",
        "\(World.now).0", "18e8", "1.8000006E9", "180000060000e-2", "0", "-0", "-1",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551616", "1e30", "-1e30", "1e308", "1e309", "-1e400",
        "1" + String(repeating: "0", count: 400), "0." + String(repeating: "9", count: 400),
        "01800000600", "+1800000600", ".5", "1.", "1e", "0x7fffffff", "NaN", "Infinity",
        "1_800_000_600", "1800000600 ", "٣",
    ]

    /// JSON as such.
    static let documents: [Mutation] = [
        Mutation(name: "nesting") { draft, _, generator in
            let depth = generator.choose([1, 62, 63, 64, 65, 100, 400, 600, 2_000])
            let open = generator.choose(["[", #"{"a":"#])
            let value =
                String(repeating: open, count: depth) + "1"
                + String(repeating: open == "[" ? "]" : "}", count: depth)
            return generator.choose([
                draft.with(claim: "x", value), draft.with(header: "x", value),
            ]).token
        },
        Mutation(name: "many members") { draft, _, generator in
            var draft = draft
            for index in 0..<generator.choose([10, 16, 17, 100]) {
                draft.claims.insert(("m\(index)", "\(index)"), at: 0)
            }
            return draft.token
        },
        Mutation(name: "another encoding") { draft, _, generator in
            let text = draft.claimsText
            let bytes: [UInt8] =
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
                case 1: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
                case 2: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
                case 3: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
                default: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
                }
            return Draft.token(Array(draft.headerText.utf8), bytes, draft.key)
        },
        Mutation(name: "bytes that are no UTF-8") { draft, _, generator in
            let bytes = generator.choose(
                [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]]
                    as [[UInt8]]
            )
            let claims = Array(draft.claimsText.dropLast().utf8) + Array(#","x":""#.utf8) + bytes
            return Draft.token(Array(draft.headerText.utf8), claims + Array("\"}".utf8), draft.key)
        },
        Mutation(name: "nearly JSON") { draft, _, generator in
            let text = draft.claimsText
            let open = String(text.dropLast())
            let variant = generator.choose([
                open, open + ",}", text + "x", text + " ", text + "{}", "[\(text)]", text + "\0",
                text.replacing("\"", with: "'"), "/**/" + text, open + ",\"x\":\"\u{1}\"}",
                open + #","x":"\x"}"#, open + #","x":"\u12"}"#, open + #","x":tru}"#,
                open + ",\"x\":\"a\nb\"}", open + ",x:1}", open + ",1:1}", open + #","x"}"#,
                "null", "1", "", " ", text.replacing(":", with: " :\n\t\r "),
                text.replacing(",", with: ",\u{A0}"), text.replacing(",", with: ",\u{B}"),
            ])
            return Draft.token(Array(draft.headerText.utf8), Array(variant.utf8), draft.key)
        },
        Mutation(name: "a claims byte changed, signed") { draft, _, generator in
            Draft.token(
                Array(draft.headerText.utf8),
                changed(Array(draft.claimsText.utf8), &generator),
                draft.key
            )
        },
    ]
}
