import Bytes
import Foundation
import JWT
import Testing

/// Project Wycheproof's `json_web_signature_test.json`, kept outside the package.
///
/// Searched for under `vectors/wycheproof` in the directory that `MARTLET_SHARED` names, or in
/// `shared` beside the package.
@Suite("Wycheproof vectors for HMAC signatures")
struct WycheproofTests {
    /// Where this server is stricter than the vectors, or they contradict themselves.
    private static let expectedOtherwise: [Int: Bool] = [
        // The same bytes as 357, which is marked valid; the padding that the comment speaks of is
        // not there.
        367: true, 370: true,
        // A question mark in base64url, marked valid "because some libraries ignore it". RFC 7515
        // §5.2 requires refusal.
        372: false, 373: false,
    ]

    @Test(
        .enabled(
            if: VectorFile.url != nil,
            "no vectors: set MARTLET_SHARED to a directory with vectors/wycheproof"
        )
    )
    func `Every token signed with HMAC is verified or refused as the vectors say`() throws {
        let file = try VectorFile.load()
        var checkedCount = 0
        for group in file.testGroups {
            guard let key = try group.hmacKey() else { continue }
            for vector in group.tests {
                let expected = Self.expectedOtherwise[vector.tcId] ?? (vector.result == "valid")
                let token = ByteBuffer(vector.jws)
                let isVerified: Bool
                do {
                    _ = try KeySet([.hmac(key)]).verifiedPayload(of: token.span)
                    isVerified = true
                } catch {
                    isVerified = false
                }
                #expect(isVerified == expected, "\(vector.tcId) \(vector.comment)")
                checkedCount += 1
            }
        }
        #expect(checkedCount >= 40)
    }
}

private struct VectorFile: Decodable {
    struct Group: Decodable {
        struct Key: Decodable {
            let kty: String
            let alg: String?
            let kid: String?
            let k: String?
        }

        struct Vector: Decodable {
            let tcId: Int
            let comment: String
            let jws: String
            let result: String
        }

        let `private`: Key?
        let tests: [Vector]

        func hmacKey() throws -> HMACKey? {
            guard let key = self.private, key.kty == "oct", let text = key.k else { return nil }
            let algorithm: HMACKey.Algorithm? =
                switch key.alg {
                case "HS256": .hs256
                case "HS384": .hs384
                case "HS512": .hs512
                default: nil
                }
            guard let algorithm else { return nil }
            var secret = ByteBuffer()
            let isValid = Base64URL.decode(ByteBuffer(text).span, into: &secret)
            #expect(isValid)
            return try HMACKey(algorithm, secret: secret.span, keyID: key.kid)
        }
    }

    let testGroups: [Group]

    static let url: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared")
        let file = shared.appending(path: "vectors/wycheproof/json_web_signature_test.json")
        return FileManager.default.fileExists(atPath: file.path()) ? file : nil
    }()

    static func load() throws -> VectorFile {
        let url = try #require(url)
        return try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: url))
    }
}
