import Bytes
import JWT
import Testing

@Suite("JWS compact serialization (RFC 7515 §7.1)")
struct CompactSerializationTests {
    // RFC 7515 §A.1.1: the key, the token, and the octets of its payload with their line breaks.
    private static let rfcKey =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    private static let rfcToken =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
        + "b290Ijp0cnVlfQ"
        + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let rfcPayload =
        "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"

    @Test func `The example of RFC 7515 §A.1 verifies and holds the payload given there`() throws {
        let keys = KeySet([.hmac(try HMACKey(.hs256, secret: decoded(Self.rfcKey).span))])
        let token = ByteBuffer(Self.rfcToken)
        #expect(try keys.verifiedPayload(of: token.span) == ByteBuffer(Self.rfcPayload))
    }

    @Test func `No example token with one bit changed verifies`() throws {
        let keys = KeySet([.hmac(try HMACKey(.hs256, secret: decoded(Self.rfcKey).span))])
        var token = Array(Self.rfcToken.utf8)
        for index in token.indices {
            for bit in 0..<8 {
                token[index] ^= 1 << bit
                #expect(throws: TokenRejection.self, "byte \(index), bit \(bit)") {
                    try keys.verifiedPayload(of: token.span)
                }
                token[index] ^= 1 << bit
            }
        }
    }

    @Test func `No truncation of a valid token verifies, from either end`() throws {
        let verifier = try TokenForge.verifier()
        let token = Array(TokenForge.token().utf8)
        #expect(TokenForge.rejection(of: token, by: verifier) == nil)
        for count in 0..<token.count {
            #expect(TokenForge.rejection(of: Array(token[..<count]), by: verifier) != nil)
            #expect(TokenForge.rejection(of: Array(token[(count + 1)...]), by: verifier) != nil)
        }
    }

    @Test(arguments: [
        "", ".", "..", "...", "a", "a.b", "a.b.", ".b.c", "a.b.c.d", "a.b.c.", ".a.b.c",
    ])
    func `Anything but three parts, the first and last not empty, is refused`(
        token: String
    ) throws {
        let rejection = TokenForge.rejection(of: token, by: try TokenForge.verifier())
        #expect(rejection == .notCompactSerialization)
    }

    @Test func `A fourth part after a valid token is refused`() throws {
        let verifier = try TokenForge.verifier()
        for suffix in [".", ".e30", ".\(TokenForge.token())"] {
            let token = TokenForge.token() + suffix
            #expect(TokenForge.rejection(of: token, by: verifier) == .notCompactSerialization)
        }
    }

    @Test func `Padding, white space and line breaks around or inside a token are refused`() throws
    {
        let verifier = try TokenForge.verifier()
        let parts = TokenForge.token().split(separator: ".").map(String.init)
        for junk in ["=", " ", "\n", "\r\n", "+", "/", "\0", "é"] {
            for (index, part) in [TokenRejection.Part.header, .payload, .signature].enumerated() {
                for changed in [parts[index] + junk, junk + parts[index]] {
                    var changedParts = parts
                    changedParts[index] = changed
                    let token = changedParts.joined(separator: ".")
                    #expect(TokenForge.rejection(of: token, by: verifier) == .notBase64URL(part))
                }
            }
        }
    }

    @Test func `A second spelling of the signature, in its unused bits, is refused`() throws {
        let verifier = try TokenForge.verifier()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var token = TokenForge.token()
        let last = token.removeLast()
        // 32 bytes leave two bits over, which must be zero.
        let sextet = try #require(alphabet.firstIndex(of: last))
        for spare in 1...3 {
            let respelled = token + String(alphabet[sextet | spare])
            #expect(TokenForge.rejection(of: respelled, by: verifier) == .notBase64URL(.signature))
        }
    }

    @Test func `A token of 8 KiB is verified and one byte more refused before any work`() throws {
        let verifier = try TokenForge.verifier()
        let longest = try #require(validToken(byteCount: 8_192))
        #expect(TokenForge.rejection(of: longest, by: verifier) == nil)
        let tooLong = try #require(validToken(byteCount: 8_193))
        #expect(TokenForge.rejection(of: tooLong, by: verifier) == .tooLong(byteCountMax: 8_192))

        let noise = String(repeating: "a", count: 8_193)
        #expect(TokenForge.rejection(of: noise, by: verifier) == .tooLong(byteCountMax: 8_192))
    }

    /// Not every length can be had by the payload alone: base64 skips one in four.
    private func validToken(byteCount: Int) -> String? {
        for spaceCount in 0..<4 {
            let header = TokenForge.header + String(repeating: " ", count: spaceCount)
            for paddingCount in 5_850..<6_050 {
                let padding = String(repeating: "x", count: paddingCount)
                let payload = TokenForge.claims(#","padding":"\#(padding)""#)
                let encodedCount =
                    [header, payload].map { ($0.utf8.count * 4 + 2) / 3 }.reduce(43 + 2, +)
                if encodedCount == byteCount {
                    return TokenForge.token(header: header, payload: payload)
                }
            }
        }
        return nil
    }

    private func decoded(_ text: String) -> [UInt8] {
        var bytes = ByteBuffer()
        let isValid = Base64URL.decode(ByteBuffer(text).span, into: &bytes)
        #expect(isValid)
        return bytes.bytes
    }
}
