import Bytes
import Foundation
import JWT
import MartletCommand
import Testing

@Suite("Keys to sign with (RFC 7517)")
struct KeysTests {
    private static let now = NumericDate(seconds: 1_000_000)

    @Test(arguments: SignatureAlgorithm.allCases)
    func `A key of every algorithm is kept and signs as before`(
        algorithm: SignatureAlgorithm
    ) throws {
        let key = try SigningKey.generate(algorithm)
        let read = try SigningKeySet(parsing: SigningKeySet([key]).text).signingKey(nil)
        #expect(read.algorithm == algorithm)
        #expect(read.keyID == key.keyID)
        let token = TokenSigner(key: read).sign(payload: Array("{}".utf8).span)
        #expect(
            try KeySet(making: [key.keyMaterial]).verifiedPayload(of: token.span).bytes
                == Array("{}".utf8)
        )
    }

    @Test func `Tokens of the old key verify with the exported set until the overlap ends`()
        throws
    {
        let old = try SigningKey.generate(.es256)
        var keys = SigningKeySet([old])
        let new = try SigningKey.generate(.es256)
        let rotation = try keys.rotate(to: [new], overlapSeconds: 60, now: Self.now)

        #expect(rotation.added.map(\.keyID) == [new.keyID])
        #expect(rotation.replaced.map(\.keyID) == [old.keyID])
        #expect(try keys.signingKey(nil).keyID == new.keyID)
        let tokens = [old, new].map { TokenSigner(key: $0).sign(payload: Array("{}".utf8).span) }
        func verifiable(at seconds: Int64) throws -> [Bool] {
            let exported = try keys.exported(now: Self.now.advanced(bySeconds: seconds))
            let set = try JWKSet(reading: exported.compactText.utf8.span)
            #expect(set.skipped.isEmpty && set.privateKeyIndices.isEmpty)
            let keySet = try KeySet(making: set.keys)
            return tokens.map { token in
                do {
                    _ = try keySet.verifiedPayload(of: token.span)
                    return true
                } catch {
                    return false
                }
            }
        }
        #expect(try verifiable(at: 0) == [true, true])
        #expect(try verifiable(at: 59) == [true, true])
        #expect(try verifiable(at: 60) == [false, true])
    }

    @Test(arguments: SignatureAlgorithm.allCases.filter { !$0.isSymmetric })
    func `What is exported or replaced has no private member`(
        algorithm: SignatureAlgorithm
    ) throws {
        var keys = SigningKeySet([try SigningKey.generate(algorithm)])
        let members: Set<String> = ["d", "p", "q", "dp", "dq", "qi", "k"]
        func privateMembers(_ key: JSONValue) -> Set<String> {
            members.intersection(key.members.map(\.name))
        }
        _ = try keys.rotate(
            to: [try SigningKey.generate(algorithm)],
            overlapSeconds: 60,
            now: Self.now
        )
        guard case .array(let exported) = try keys.exported(now: Self.now)["keys"] ?? .null,
            case .array(let kept) = try JSONValue(parsing: Array(keys.text.utf8))["keys"] ?? .null
        else {
            Issue.record("no keys")
            return
        }
        #expect(exported.map(privateMembers) == [[], []])
        #expect(kept.map { privateMembers($0).isEmpty } == [false, true])
    }

    @Test func `A rotation drops what has ended and keeps what has not`() throws {
        var keys = SigningKeySet([try SigningKey.generate(.edDSA, keyID: "1")])
        for (index, seconds) in [(2, 0), (3, 50), (4, 100)] as [(Int, Int64)] {
            let rotation = try keys.rotate(
                to: [try SigningKey.generate(.edDSA, keyID: "\(index)")],
                overlapSeconds: 100,
                now: Self.now.advanced(bySeconds: seconds)
            )
            #expect(rotation.dropped.map(\.keyID) == (index == 4 ? ["1"] : []))
        }
        #expect(keys.entries.map(\.keyID) == ["4", "3", "2"])
        #expect(keys.signing.map(\.keyID) == ["4"])
    }

    @Test func `A shared secret outlives a rotation whole and is never exported`() throws {
        let old = try SigningKey.generate(.hs256, keyID: "old")
        var keys = SigningKeySet([old])
        let new = try SigningKey.generate(.es256)
        _ = try keys.rotate(to: [new], overlapSeconds: 60, now: Self.now)
        #expect(throws: SigningKeySetError.symmetric(index: 1, keyID: "old")) {
            try keys.exported(now: Self.now)
        }
        // Until it has ended: from then on there is nothing to hide.
        _ = try keys.exported(now: Self.now.advanced(bySeconds: 60))
    }

    @Test func `The algorithm that is asked for is signed with, and no other`() throws {
        let keys = SigningKeySet([
            try SigningKey.generate(.es256), try SigningKey.generate(.edDSA),
        ])
        #expect(try keys.signingKey(.edDSA).algorithm == .edDSA)
        #expect(throws: SigningKeySetError.noSigningKey(.rs256)) { try keys.signingKey(.rs256) }
    }

    @Test(
        arguments: [
            ("", "not JSON"), ("{}", "no JWK Set"), ("{\"keys\":{}}", "no JWK Set"),
            ("{\"keys\":[]}", "no key"), ("{\"keys\":[{\"kty\":\"x\"}]}", "number 1"),
            (
                #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AA","exp":"x"}]}"#,
                "exp of its key \"a\""
            ),
        ]
    )
    func `A file that cannot be read whole is refused`(text: String, words: String) throws {
        let error = #expect(throws: SigningKeySetError.self) { try SigningKeySet(parsing: text) }
        #expect("\(try #require(error))".contains(words))
    }

    @Test func `Every mistake in what is asked for is told`() {
        let error = #expect(throws: KeyRecipeMistakes.self) {
            try KeyRecipe(algorithms: ["RS1", "ES256", "ES256"], keyID: "", modulusBitCount: 1_024)
        }
        #expect(error?.list.count == 5)
        let range = RSAKey.modulusBitCountMin...RSAKey.modulusBitCountMax
        for bitCount in [range.lowerBound, range.upperBound] {
            #expect(throws: Never.self) {
                try KeyRecipe(algorithms: ["RS256"], keyID: nil, modulusBitCount: bitCount)
            }
        }
        for bitCount in [range.lowerBound - 1, range.upperBound + 1] {
            #expect(throws: KeyRecipeMistakes.self) {
                try KeyRecipe(algorithms: ["RS256"], keyID: nil, modulusBitCount: bitCount)
            }
        }
    }

    @Test func `No description shows a private key`() throws {
        let keys = SigningKeySet([try SigningKey.generate(.es256)])
        let secret = try JSONValue(parsing: Array(keys.text.utf8))["keys"]
        guard case .array(let jwks) = secret ?? .null, let d = jwks.first?["d"]?.string else {
            Issue.record("no private key")
            return
        }
        var dumped = ""
        dump(keys, to: &dumped)
        dump(keys.entries, to: &dumped)
        #expect(!"\(keys)\(keys.entries)\(dumped)".contains(d))
    }

    // MARK: Files

    @Test func `A key file is made once, for its owner only, and never overwritten`() throws {
        try withTemporaryDirectory { directory in
            let file = SigningKeyFile(KeyFile(path: "\(directory)/keys.json"))
            let keys = SigningKeySet([try SigningKey.generate(.es256)])
            try file.create(keys)
            #expect(try file.read() == keys)
            #expect(try mode(of: file.file.path) == 0o600)
            #expect(throws: SigningKeyFileError.file(.exists(path: file.file.path))) {
                try file.create(SigningKeySet([try SigningKey.generate(.es256)]))
            }
            #expect(try file.read() == keys)
        }
    }

    @Test func `A rotation that fails leaves the file as it is`() throws {
        try withTemporaryDirectory { directory in
            let file = SigningKeyFile(KeyFile(path: "\(directory)/keys.json"))
            try file.create(SigningKeySet([try SigningKey.generate(.es256)]))
            let content = try file.file.readText()
            #expect(throws: SigningKeyFileError.key(.notPrivate)) {
                try file.rotate(overlapSeconds: 60, now: Self.now) { _ throws(KeyError) in
                    throw .notPrivate
                }
            }
            #expect(try file.file.readText() == content)

            let damaged = content.replacing("EC", with: "XX")
            try file.file.replace(with: damaged)
            #expect(throws: SigningKeyFileError.self) {
                try file.rotate(overlapSeconds: 60, now: Self.now) { _ throws(KeyError) in [] }
            }
            #expect(try file.file.readText() == damaged)
        }
    }

    @Test func `Rotations at once lose no key`() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        let file = SigningKeyFile(KeyFile(path: directory.appendingPathComponent("k.json").path))
        try file.create(SigningKeySet([try SigningKey.generate(.edDSA, keyID: "0")]))
        try await withThrowingTaskGroup { group in
            for index in 1...8 {
                group.addTask { @concurrent in
                    _ = try file.rotate(overlapSeconds: 60, now: Self.now) { _ throws(KeyError) in
                        [try SigningKey.generate(.edDSA, keyID: "\(index)")]
                    }
                }
            }
            try await group.waitForAll()
        }
        let keys = try file.read()
        #expect(Set(keys.entries.compactMap(\.keyID)) == Set((0...8).map { "\($0)" }))
        #expect(keys.signing.count == 1)
        #expect(try mode(of: file.file.path) == 0o600)
        try FileManager.default.removeItem(at: directory)
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
