import Bytes
import JSON
import JWT
import Testing

@Suite("Looking into a token without believing it")
struct TokenInspectionTests {
    @Test func `Header and claims are shown as they stand there, whoever signed them`() throws {
        let header = #"{ "alg":"none", "typ":"X", "kid":"k\u0031" }"#
        let token = TokenForge.token(header: header, payload: #"{"iss":"i","iss":"j"}"#)
        let inspection = try TokenInspection(decoding: ByteBuffer(token).span)
        #expect(inspection.unverifiedHeader.description == header)
        #expect(inspection.unverifiedPayload?.description == #"{"iss":"i","iss":"j"}"#)
        #expect(inspection.unverifiedAlgorithmName == "none")
        #expect(inspection.unverifiedType == "X" && inspection.unverifiedKeyID == "k1")
        #expect(inspection.unverifiedIssuer == "i")
        #expect(!"\(inspection)".contains("iss"))
    }

    @Test func `A payload that is no object is told apart from an empty one`() throws {
        for payload in ["", "text", "[1]", "{"] {
            let token = ByteBuffer(TokenForge.token(payload: payload))
            #expect(try TokenInspection(decoding: token.span).unverifiedPayload == nil)
        }
        let empty = ByteBuffer(TokenForge.token(header: "{}", payload: "{}"))
        let inspection = try TokenInspection(decoding: empty.span)
        #expect(inspection.unverifiedPayload?.description == "{}")
        #expect(inspection.unverifiedAlgorithmName == nil && inspection.unverifiedIssuer == nil)
    }

    @Test func `What is no token is refused as the verifier refuses it`() throws {
        for text in ["", "a.b", "a.b.c.d", "..", "e30.e30.=="] {
            #expect(throws: TokenRejection.self) {
                try TokenInspection(decoding: ByteBuffer(text).span)
            }
        }
        let noObject = ByteBuffer(TokenForge.token(header: "[]"))
        #expect(throws: TokenRejection.self) { try TokenInspection(decoding: noObject.span) }
    }
}
