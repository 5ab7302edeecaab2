import Foundation
import JWT
import Martlet
import MartletCommand
import Testing

@Suite("Key files of issuers (RFC 7517, RFC 7468)")
struct IssuerKeyTests {
    private static let rsa = Result { try SigningKey.generate(.rs256, keyID: "rsa") }

    @Test func `Keys are read from PEM files, JWKs and JWK Sets alike`() throws {
        try withTemporaryDirectory { directory in
            let rsa = try Self.rsa.get().keyMaterial
            let curve = try SigningKey.generate(.es256, keyID: "ec").keyMaterial
            let files = [
                try write(#require(curve.publicPEM), "key.pem", in: directory),
                try write(#require(rsa.publicJWK).description, "key.jwk", in: directory),
                try write(JWKSet.encode([rsa, curve]).description, "keys.jwks", in: directory),
            ]
            let outcome = read(#""key-files": \#(files)"#)
            #expect(outcome.mistakes.isEmpty)
            #expect(outcome.settings.trust.warnings.isEmpty)
            let keys = try #require(outcome.keys)
            #expect(keys.map(\.algorithm) == [.es256, .rs256, .rs256, .es256])
            #expect(keys.map(\.keyID) == [nil, "rsa", "rsa", "ec"])
        }
    }

    @Test func `A PEM key is for the algorithm that is named, or for the only one that suits it`()
        throws
    {
        try withTemporaryDirectory { directory in
            let pem = try #require(try Self.rsa.get().keyMaterial.publicPEM)
            let path = try write(pem, "rsa.pem", in: directory)
            func algorithms(_ members: String) -> [SignatureAlgorithm]? {
                read(members).keys?.map(\.algorithm)
            }
            #expect(algorithms(#""key-files": ["\#(path)"]"#) == [.rs256])
            #expect(
                algorithms(#""key-files": ["\#(path)"], "algorithms": ["PS384"]"#) == [.ps384]
            )
            #expect(
                algorithms(
                    """
                    "key-files": [{"path": "\(path)", "algorithm": "PS256", "kid": "k"}]
                    """
                ) == [.ps256]
            )
            #expect(
                read(#""key-files": ["\#(path)"], "algorithms": ["RS256", "PS256"]"#).mistakes
                    == [
                        mistake(
                            ".key-files[0]",
                            .keyFile(.severalAlgorithms(path: path, [.rs256, .ps256]))
                        )
                    ]
            )
        }
    }

    @Test func `An algorithm that no key can have is a mistake`() throws {
        try withTemporaryDirectory { directory in
            let set = JWKSet.encode([try Self.rsa.get().keyMaterial])
            let path = try write(set.description, "keys", in: directory)
            #expect(
                read(#""key-files": ["\#(path)"], "algorithms": ["RS256", "ES256"]"#).mistakes
                    == [mistake(".algorithms", .algorithmOfOtherKeys(.es256))]
            )
        }
    }

    @Test func `Keys of a set that cannot be used are warned of, and a set without others refused`()
        throws
    {
        try withTemporaryDirectory { directory in
            let good = try #require(try Self.rsa.get().publicJWK).description
            let odd = #"{"kty": "OKP", "crv": "X25519", "x": "AA", "kid": "odd"}"#
            let some = try write("{\"keys\": [\(odd), \(good)]}", "some", in: directory)
            let outcome = read(#""key-files": ["\#(some)"]"#)
            #expect(outcome.mistakes.isEmpty)
            #expect(outcome.keys?.count == 1)
            #expect(outcome.settings.trust.warnings.count == 1)
            #expect(outcome.settings.trust.warnings.first?.contains("\"odd\"") == true)

            let none = try write("{\"keys\": [\(odd)]}", "none", in: directory)
            let mistakes = read(#""key-files": ["\#(none)"]"#).mistakes
            #expect(mistakes.count == 1)
            #expect(mistakes.first.map { "\($0)".contains("no usable key") } == true)
            let empty = try write("{\"keys\": []}", "empty", in: directory)
            #expect(
                read(#""key-files": ["\#(empty)"]"#).mistakes
                    == [
                        mistake(".key-files[0]", .keyFile(.noUsableKey(path: empty, reasons: [])))
                    ]
            )
        }
    }

    @Test func `Each file that is no use is a mistake of its own, with its place`() throws {
        try withTemporaryDirectory { directory in
            let text = try write("hello", "text", in: directory)
            let json = try write("{\"keys\": 1}", "json", in: directory)
            let cut = try write("{\"kty\": ", "cut", in: directory)
            let missing = "\(directory)/missing"
            let mistakes = read(
                #""key-files": ["\#(text)", "\#(json)", "\#(cut)", "\#(missing)"]"#
            ).mistakes
            #expect(mistakes.count == 4)
            for (index, found) in mistakes.enumerated() {
                #expect("\(found)".contains("issuers[0].key-files[\(index)]"))
                #expect(!"\(found)".contains("\n"))
            }
            #expect(
                mistakes.first == mistake(".key-files[0]", .keyFile(.key(path: text, .notPEM)))
            )
        }
    }

    @Test func `A file that holds what tokens are signed with must be its owner's alone`() throws {
        try withTemporaryDirectory { directory in
            let key = try Self.rsa.get()
            let secret = try SigningKey.generate(.hs256)
            for (content, members) in [
                (key.pem ?? "", ""), (key.jwk.description, ""),
                ("{\"keys\": [\(key.jwk)]}", ""),
                (secret.jwk.description, #", "algorithms": ["HS256"]"#),
            ] {
                let path = try write(content, "private", in: directory)
                let text = #""key-files": ["\#(path)"]\#(members)"#
                let error = KeyDocumentError.secretReadableByOthers(path: path, mode: 0o644)
                #expect(read(text).mistakes == [mistake(".key-files[0]", .keyFile(error))])
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600],
                    ofItemAtPath: path
                )
                #expect(read(text).keys?.count == 1)
            }
        }
    }

    @Test func `A secret is the line in a file that only its owner can read`() throws {
        try withTemporaryDirectory { directory in
            let line = String(repeating: "s", count: 48)
            let path = try write("\(line)\n", "secret", in: directory)
            let open = read(#""secret-file": "\#(path)""#).mistakes
            #expect(
                open == [
                    mistake(".secret-file", .secretFile(.readableByOthers(path: path, mode: 0o644)))
                ]
            )
            #expect(!"\(open)".contains(line))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let expected = try KeyMaterial.secret(Array(line.utf8), .hs384)
            #expect(
                read(#""secret-file": "\#(path)", "algorithms": ["HS384"]"#).keys == [expected]
            )
            let short = read(#""secret-file": "\#(path)", "algorithms": ["HS512"]"#).mistakes
            #expect(short.first.map { "\($0)".contains("openssl rand -base64 48") } == true)
        }
    }

    @Test func `A key file of 1 MiB is read, and one byte more is refused`() throws {
        try withTemporaryDirectory { directory in
            let pem = try #require(try SigningKey.generate(.es256).keyMaterial.publicPEM)
            let filler = String(repeating: "\n", count: 1_048_576 - pem.utf8.count)
            let path = try write(filler + pem, "longest.pem", in: directory)
            #expect(read(#""key-files": ["\#(path)"]"#).keys?.count == 1)

            let longer = try write("\n" + filler + pem, "longer.pem", in: directory)
            let reason = KeyDocumentError.tooLong(path: longer, byteCountMax: 1_048_576)
            #expect(
                read(#""key-files": ["\#(longer)"]"#).mistakes
                    == [mistake(".key-files[0]", .keyFile(reason))]
            )
        }
    }

    private struct Outcome {
        let settings: ServeSettings
        let mistakes: [SettingMistake]

        /// The keys of the first issuer, if it has some of its own.
        var keys: [KeyMaterial]? {
            guard case .keys(let keys) = settings.trust.others.first?.keySource else { return nil }
            return keys
        }
    }

    private func read(_ members: String) -> Outcome {
        let text = #"{"issuers": [{"issuer": "a", \#(members), "workspace": {"absent": "own"}}]}"#
        let file = SettingsFile(content: Array(text.utf8), path: "f")
        var reader = SettingsReader(flags: [:], environment: [:], file: file)
        let settings = ServeSettings(&reader, isDevelopment: false, descriptorCountMax: 20_000)
        return Outcome(settings: settings, mistakes: reader.mistakes)
    }

    private func mistake(_ place: String, _ reason: SectionMistake.Reason) -> SettingMistake {
        .section(SectionMistake(path: "f", place: "issuers[0]\(place)", reason))
    }

    private func write(_ text: String, _ name: String, in directory: String) throws -> String {
        let path = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        return path
    }
}
