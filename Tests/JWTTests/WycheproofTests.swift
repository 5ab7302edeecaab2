import Bytes
import Foundation
import JSON
import JWT
import Testing

/// Project Wycheproof's vectors for JSON Web Signatures (`json_web_signature_test.json`), which are
/// not part of this package.
///
/// They are looked for under `vectors/wycheproof` in the directory that `MARTLET_SHARED` names, or in
/// `shared` beside the package.
@Suite("Wycheproof vectors for signatures")
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

    /// Vectors whose key says it is for another algorithm than the token is signed with, and which
    /// are marked valid all the same.
    ///
    /// Not applicable to a verifier whose keys are bound to one algorithm each: they are refused,
    /// and the signatures in them verify once the key's `alg` is taken away.
    private static let boundToAnother: [Int: SignatureAlgorithm] = [
        // RFC 7520 figure 20: the token is signed by PS384, the key's alg is PS256.
        346: .ps384, 350: .ps384,
        // RFC 7520 figure 27: the token is signed by ES512, the key's alg is ES521, which is none.
        347: .es512, 351: .es512,
    ]

    private static let isAvailable = WycheproofFile.url != nil
    private static let remedy: Comment =
        "no vectors: set MARTLET_SHARED to a directory with vectors/wycheproof"

    @Test(.enabled(if: isAvailable, remedy))
    func `Every token is verified or refused as the vectors say`() throws {
        var checkedCount = 0
        for group in try WycheproofFile.load().testGroups {
            let keys = try KeySet(making: try group.keySet().keys)
            for vector in group.tests where Self.boundToAnother[vector.tcId] == nil {
                let expected = Self.expectedOtherwise[vector.tcId] ?? (vector.result == "valid")
                #expect(keys.verifies(vector.jws) == expected, "\(vector.tcId) \(vector.comment)")
                checkedCount += 1
            }
        }
        #expect(checkedCount == 397)
    }

    @Test(.enabled(if: isAvailable, remedy))
    func `A key for another algorithm than the token's is not asked, though it made the signature`()
        throws
    {
        var checkedCount = 0
        for group in try WycheproofFile.load().testGroups {
            for vector in group.tests {
                guard let algorithm = Self.boundToAnother[vector.tcId] else { continue }
                #expect(vector.result == "valid")
                let bound = try KeySet(making: try group.keySet().keys)
                #expect(!bound.verifies(vector.jws), "\(vector.tcId)")
                let free = try KeySet(making: try group.keySet(boundTo: algorithm).keys)
                #expect(free.verifies(vector.jws), "\(vector.tcId)")
                checkedCount += 1
            }
        }
        #expect(checkedCount == Self.boundToAnother.count)
    }

    @Test(.enabled(if: isAvailable, remedy))
    func `Keys for encryption are skipped, and all others are read`() throws {
        for group in try WycheproofFile.load().testGroups {
            let set = try group.keySet()
            let reasons = set.skipped.map(\.reason)
            switch group.tests.first?.tcId {
            case 353, 354: #expect(reasons == [.notForSignatures])
            case 355, 356: #expect(reasons == [.operationNotPermitted])
            case 347, 351: #expect(reasons == [.unsupportedAlgorithm])
            default: #expect(set.keys.count == 1 && reasons.isEmpty)
            }
        }
    }
}

private struct WycheproofFile: Decodable {
    struct Group: Decodable {
        struct Vector: Decodable {
            let tcId: Int
            let comment: String
            let jws: String
            let result: String
        }

        private struct Key: Decodable {
            private enum Member: Decodable {
                case text(String)
                case texts([String])

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    do {
                        self = .text(try container.decode(String.self))
                    } catch {
                        self = .texts(try container.decode([String].self))
                    }
                }

                func encode(into writer: inout JSONWriter) {
                    switch self {
                    case .text(let text):
                        writer.string(text)
                    case .texts(let texts):
                        writer.beginArray()
                        for text in texts { writer.string(text) }
                        writer.endArray()
                    }
                }
            }

            private let members: [String: Member]

            init(from decoder: any Decoder) throws {
                members = try decoder.singleValueContainer().decode([String: Member].self)
            }

            func encode(into writer: inout JSONWriter, without name: String?) {
                writer.beginObject()
                for member in members where member.key != name {
                    writer.name(member.key)
                    member.value.encode(into: &writer)
                }
                writer.endObject()
            }
        }

        private let `public`: Key?
        private let `private`: Key
        let tests: [Vector]

        /// The group's key as an issuer would publish it; a secret, as it would be configured.
        ///
        /// With `algorithm` it is bound to that one, whatever its `alg` says.
        func keySet(boundTo algorithm: SignatureAlgorithm? = nil) throws -> JWKSet {
            let json = RawJSON { writer in
                writer.beginObject()
                writer.name("keys")
                writer.beginArray()
                let key = self.public ?? self.private
                key.encode(into: &writer, without: algorithm == nil ? nil : "alg")
                writer.endArray()
                writer.endObject()
            }
            let secrets: [SignatureAlgorithm] = [.hs256, .hs384, .hs512]
            return try JWKSet(
                reading: json.span,
                algorithms: algorithm.map { [$0] } ?? (self.public == nil ? secrets : [])
            )
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

    static func load() throws -> WycheproofFile {
        let url = try #require(url)
        return try JSONDecoder().decode(WycheproofFile.self, from: Data(contentsOf: url))
    }
}
