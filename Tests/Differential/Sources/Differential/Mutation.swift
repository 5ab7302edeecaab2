import JWT

/// A way in which a token can be wrong, or odd and right all the same.
///
/// What is to become of the token is nobody's business here: two implementations decide.
struct Mutation: Sendable {
    let name: String

    /// Makes a token of an honest draft.
    let apply: @Sendable (Draft, World, inout SeededGenerator) -> String

    static let all = form + header + claims + documents

    /// The compact serialization and the signature.
    private static let form: [Mutation] = [
        Mutation(name: "nothing") { draft, _, _ in draft.token },
        Mutation(name: "signature cut") { draft, _, generator in
            String(draft.token.dropLast(Int.random(in: 1...8, using: &generator)))
        },
        Mutation(name: "signature longer") { draft, _, generator in
            draft.token + generator.choose(["A", "AA", "AAAA", "____"])
        },
        Mutation(name: "no signature") { draft, _, generator in
            let parts = draft.token.split(separator: ".")
            return generator.choose(["\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])"])
        },
        Mutation(name: "signature of something else") { draft, _, _ in
            let other = draft.with(claim: "sub", #""eve""#)
            let parts = draft.token.split(separator: ".")
            return "\(parts[0]).\(parts[1]).\(other.token.split(separator: ".")[2])"
        },
        Mutation(name: "signed by a stranger") { draft, world, _ in
            Draft.token(Array(draft.headerText.utf8), Array(draft.claimsText.utf8), world.stranger)
        },
        Mutation(name: "random signature") { draft, _, generator in
            let parts = draft.token.split(separator: ".")
            let count = generator.choose([0, 1, 32, 48, 64, 96, 132, 255, 256, 257])
            return "\(parts[0]).\(parts[1]).\(base64URL(generator.bytes(count)))"
        },
        Mutation(name: "padding") { draft, _, generator in
            var parts = draft.token.split(separator: ".").map(String.init)
            let index = Int.random(in: 0..<3, using: &generator)
            parts[index] += String(repeating: "=", count: Int.random(in: 1...2, using: &generator))
            return parts.joined(separator: ".")
        },
        Mutation(name: "padding that is signed") { draft, _, generator in
            let header = base64URL(Array(draft.headerText.utf8))
            let claims = base64URL(Array(draft.claimsText.utf8))
            let pad = { (text: String) in
                text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            }
            let which = Bool.random(using: &generator)
            return Draft.signed(
                "\(which ? pad(header) : header).\(which ? claims : pad(claims))",
                draft.key
            )
        },
        Mutation(name: "the other alphabet") { draft, _, _ in
            let text = draft.with(claim: "x", #""~~~???>>>""#).claimsText
            let claims = base64URL(Array(text.utf8)).replacing("-", with: "+")
                .replacing("_", with: "/")
            return Draft.signed("\(base64URL(Array(draft.headerText.utf8))).\(claims)", draft.key)
        },
        Mutation(name: "bits that stand for nothing") { draft, _, _ in
            var text = draft.claimsText
            while text.utf8.count % 3 != 1 { text = text.dropLast() + " }" }
            var claims = Array(base64URL(Array(text.utf8)).utf8)
            claims[claims.count - 1] += 1
            let input = base64URL(Array(draft.headerText.utf8)) + "."
            return Draft.signed(input + String(decoding: claims, as: UTF8.self), draft.key)
        },
        Mutation(name: "white space") { draft, _, generator in
            var token = Array(draft.token.utf8)
            let index = generator.choose([0, token.count, token.count / 2, token.count - 3])
            token.insert(generator.choose(Array(" \n\t\r\u{0B}\u{0}".utf8)), at: index)
            return String(decoding: token, as: UTF8.self)
        },
        Mutation(name: "full stops") { draft, _, generator in
            let parts = draft.token.split(separator: ".")
            return generator.choose([
                draft.token + ".", "." + draft.token, draft.token + ".e30",
                "\(parts[0])..\(parts[1]).\(parts[2])", "\(parts[0])..\(parts[2])", "..", "",
                "\(parts[1]).\(parts[0]).\(parts[2])",
            ])
        },
        Mutation(name: "a byte changed") { draft, _, generator in
            var token = Array(draft.token.utf8)
            let index = Int.random(in: 0..<token.count, using: &generator)
            token[index] = generator.choose(Array("ABab01-_.=+/ ~".utf8))
            return String(decoding: token, as: UTF8.self)
        },
        Mutation(name: "long") { draft, _, generator in
            let count = generator.choose([1_000, 5_000, 5_700, 6_000, 20_000, 100_000])
            return draft.with(claim: "x", quoted(String(repeating: "x", count: count))).token
        },
    ]

    /// The JOSE header.
    private static let header: [Mutation] = [
        Mutation(name: "alg none") { draft, _, generator in
            let name = generator.choose(["none", "None", "NONE", "nOnE", ""])
            let token = draft.with(header: "alg", quoted(name)).token
            let parts = token.split(separator: ".")
            return generator.choose([token, "\(parts[0]).\(parts[1])."])
        },
        Mutation(name: "alg of another spelling") { draft, _, generator in
            let name = draft.key.algorithm.rawValue
            return draft.with(
                header: "alg",
                quoted(generator.choose([name.lowercased(), name + " ", " " + name, name + "K"]))
            ).token
        },
        Mutation(name: "another alg, the right key") { draft, _, generator in
            let others = SignatureAlgorithm.allCases.filter { $0 != draft.key.algorithm }
            return draft.with(header: "alg", quoted(generator.choose(others).rawValue)).token
        },
        Mutation(name: "the public key as a secret") { draft, _, generator in
            let algorithm = generator.choose([SignatureAlgorithm.hs256, .hs384, .hs512])
            guard let pem = draft.key.publicPEM, let jwk = draft.key.publicJWK else {
                return draft.token
            }
            let text = generator.choose([pem, String(pem.dropLast()), jwk.description])
            guard let kind = HMACKey.Algorithm(algorithm) else { return draft.token }
            let input =
                base64URL(
                    Array(draft.with(header: "alg", quoted(algorithm.rawValue)).headerText.utf8)
                ) + "." + base64URL(Array(draft.claimsText.utf8))
            guard let code = code(of: input, kind, secret: Array(text.utf8)) else {
                return draft.token
            }
            return "\(input).\(base64URL(code))"
        },
        Mutation(name: "alg by its newer name") { draft, _, _ in
            draft.with(
                header: "alg",
                quoted(draft.key.algorithm == .edDSA ? "Ed25519" : draft.key.algorithm.rawValue)
            ).token
        },
        Mutation(name: "alg that is none or no string") { draft, _, generator in
            draft.with(header: "alg", generator.choose([nil, "null", "1", "[]", "{}", "true"]))
                .token
        },
        Mutation(name: "kid") { draft, _, generator in
            let values: [String?] = [
                nil, #""k2""#, #""K1""#, #""k1 ""#, #""k\u0031""#, "null", "1", #"["k1"]"#, #""""#,
                #""../../dev/null""#, #""k1\u0000""#, #""' OR 1=1""#,
            ]
            return draft.with(header: "kid", generator.choose(values)).token
        },
        Mutation(name: "typ") { draft, _, generator in
            let values: [String?] = [
                nil, #""JWT""#, #""jwt""#, #""at+jwt""#, #""application/at+jwt""#, #""dpop+jwt""#,
                #""logout+jwt""#, #""JOSE""#, "null", "1", #""""#,
            ]
            return draft.with(header: "typ", generator.choose(values)).token
        },
        Mutation(name: "crit") { draft, _, generator in
            let value = generator.choose(["[]", #"["b64"]"#, #"["exp"]"#, "null", #""x""#])
            return draft.with(header: "crit", value).with(header: "b64", "true").token
        },
        Mutation(name: "a key that the token brings") { draft, world, generator in
            let key = world.stranger
            let jwk = (key.publicJWK ?? key.jwk).description
            let bringing = generator.choose([
                draft.with(header: "jwk", jwk), draft.with(header: "x5c", #"["AAAA"]"#),
                draft.with(header: "jku", #""https://evil.example/keys""#),
                draft.with(header: "x5u", #""https://evil.example/cert""#),
            ])
            return Draft.token(
                Array(bringing.headerText.utf8),
                Array(bringing.claimsText.utf8),
                generator.choose([key, draft.key])
            )
        },
        Mutation(name: "a header member twice") { draft, _, generator in
            var draft = draft
            let alg = quoted(draft.key.algorithm.rawValue)
            draft.header.append(
                generator.choose([
                    ("alg", alg), ("alg", #""none""#), ("\\u0061lg", alg), ("kid", #""k2""#),
                    ("x", "1"),
                ])
            )
            if generator.next() % 2 == 0 { draft.header.append(("x", "2")) }
            return draft.token
        },
        Mutation(name: "a header byte changed, signed") { draft, _, generator in
            Draft.token(
                changed(Array(draft.headerText.utf8), &generator),
                Array(draft.claimsText.utf8),
                draft.key
            )
        },
    ]

    /// One or two bytes changed, inserted or removed.
    static func changed(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var mutant = bytes
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            let index = Int.random(in: 0..<mutant.count, using: &generator)
            let byte =
                Bool.random(using: &generator)
                ? UInt8.random(in: 0...255, using: &generator)
                : generator.choose(Array(#"{}[]",:\ 0123456789.eE+-ntf/u"#.utf8))
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: mutant[index] = byte
            case 1: mutant.insert(byte, at: index)
            default: mutant.remove(at: index)
            }
        }
        return mutant
    }

    private static func code(
        of input: String,
        _ algorithm: HMACKey.Algorithm,
        secret: [UInt8]
    ) -> [UInt8]? {
        do {
            let jwk =
                #"{"kty":"oct","k":"\#(base64URL(secret))","#
                + #""alg":"\#(algorithm.signatureAlgorithm.rawValue)"}"#
            return try SigningKey(jwk: Array(jwk.utf8).span).signature(for: Array(input.utf8).span)
        } catch {
            // Shorter than that algorithm allows.
            return nil
        }
    }
}
