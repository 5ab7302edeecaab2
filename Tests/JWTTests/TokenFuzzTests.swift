import JWT
import Testing

@Suite("Tokens from nowhere")
struct TokenFuzzTests {
    private static let seed: UInt64 = 0x6D61_7274_6C65_74

    @Test func `2,000 mutations of a valid token neither verify nor trap`() throws {
        let verifier = try TokenForge.verifier()
        let token = Array(TokenForge.token(payload: Self.richClaims).utf8)
        #expect(TokenForge.rejection(of: token, by: verifier) == nil)

        var generator = SeededGenerator(seed: Self.seed)
        for round in 0..<2_000 {
            let mutant = Self.mutant(of: token, &generator)
            guard mutant != token else { continue }
            #expect(
                TokenForge.rejection(of: mutant, by: verifier) != nil,
                "seed \(Self.seed), round \(round)"
            )
        }
    }

    // Mutants of the payload that carry a valid signature, so that they reach the code behind it.
    @Test func `2,000 mutated claims sets, signed, never trap`() throws {
        let verifier = try TokenForge.verifier()
        let payload = Array(Self.richClaims.utf8)
        var generator = SeededGenerator(seed: Self.seed)
        var verifiedCount = 0
        for _ in 0..<2_000 {
            let mutant = String(decoding: Self.mutant(of: payload, &generator), as: UTF8.self)
            let token = Array(TokenForge.token(payload: mutant).utf8)
            do {
                let claims = try verifier.verify(token.span, at: TokenForge.now)
                verifiedCount += 1
                #expect(claims.issuer == TokenForge.issuer && !claims.subject.isEmpty)
                for path in [["realm_access", "roles"], ["roles"], ["sub"], ["a", "b"], []] {
                    _ = claims.string(at: path)
                    #expect((claims.strings(at: path) != nil) == claims.contains(at: path))
                }
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        // Both outcomes were reached, or this proved nothing.
        #expect(verifiedCount > 50 && verifiedCount < 1_950, "\(verifiedCount)")
    }

    @Test func `2,000 mutated headers, signed, never trap and never change who signed`() throws {
        let verifier = try TokenForge.verifier()
        let header = Array(#"{"alg":"HS256","typ":"at+jwt","kid":"k","x5c":["a"],"jwk":{}}"#.utf8)
        var generator = SeededGenerator(seed: Self.seed)
        for round in 0..<2_000 {
            let mutant = String(decoding: Self.mutant(of: header, &generator), as: UTF8.self)
            let forged = TokenForge.token(header: mutant, secret: [UInt8](repeating: 3, count: 32))
            #expect(TokenForge.rejection(of: forged, by: verifier) != nil, "round \(round)")
            _ = TokenForge.rejection(of: TokenForge.token(header: mutant), by: verifier)
        }
    }

    @Test func `Random bytes of every length up to 300 neither verify nor trap`() throws {
        let verifier = try TokenForge.verifier()
        let alphabet = Array(".ABab01-_={}\"".utf8)
        var generator = SeededGenerator(seed: Self.seed)
        for length in 0...300 {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(TokenForge.rejection(of: noise, by: verifier) != nil)
            let likely = (0..<length).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            #expect(TokenForge.rejection(of: likely, by: verifier) != nil)
        }
    }

    private static let richClaims = TokenForge.claims(
        #","nbf":1,"iat":2.5e0,"jti":"t","scp":["a","b"],"realm_access":{"roles":["user"]}"#
            + #","roles":["x","y"],"a":{"b":"\u00e9"}"#
    )

    /// One to three bytes changed, inserted, removed or swapped, or a run repeated.
    private static func mutant(of bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var mutant = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let index = Int.random(in: 0..<mutant.count, using: &generator)
            let other = Int.random(in: 0..<mutant.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: mutant[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: mutant[index] = UInt8.random(in: 0...255, using: &generator)
            case 2: mutant.insert(mutant[other], at: index)
            case 3: mutant.remove(at: index)
            case 4: mutant.swapAt(index, other)
            default:
                let run = mutant[min(index, other)..<min(max(index, other), min(index, other) + 8)]
                mutant.insert(contentsOf: run, at: index)
            }
        }
        return mutant
    }
}
