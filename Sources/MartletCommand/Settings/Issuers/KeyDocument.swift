import Foundation
import JSON
import JWT

/// A file of keys to verify with: PEM (RFC 7468), a JWK (RFC 7517 §4), or a JWK Set (§5).
struct KeyDocument {
    static let byteCountMax = 1_048_576

    /// What a key without an algorithm of its own is used with, if it works with just one of them.
    private static let algorithmsDefault: [SignatureAlgorithm] = [
        .rs256, .es256, .es384, .es512, .edDSA,
    ]

    let keys: [KeyMaterial]

    /// What a set holds besides, and why it is not used.
    let skipped: [SkippedKey]

    /// - Parameters:
    ///   - file: The file and what it does not say itself.
    ///   - algorithms: Those that the issuer signs with; empty for those that the keys name.
    /// - Throws: ``KeyDocumentError`` if it cannot be read or has no usable key.
    init(
        _ file: IssuerEntry.KeyFileEntry,
        algorithms: [SignatureAlgorithm]
    ) throws(KeyDocumentError) {
        let (content, mode) = try Self.read(file.path)
        let accepted = file.algorithm.map { [$0] } ?? algorithms
        let holdsSecret: Bool
        if content.first(where: { !Self.isWhiteSpace($0) }) == UInt8(ascii: "{") {
            guard file.keyID == nil else { throw .nameOfNamedKeys(path: file.path) }
            (keys, skipped, holdsSecret) = try Self.jwks(content, file, accepted)
        } else {
            let text = String(decoding: content, as: UTF8.self)
            keys = [try Self.pem(text, file, accepted)]
            skipped = []
            holdsSecret = text.contains("PRIVATE KEY-----")
        }
        // Whoever can read a secret or a private key can sign tokens.
        guard !holdsSecret || mode & 0o077 == 0 else {
            throw .secretReadableByOthers(path: file.path, mode: mode)
        }
        guard !keys.isEmpty else {
            throw .noUsableKey(path: file.path, reasons: skipped.prefix(3).map { "\($0)" })
        }
    }

    private static func read(
        _ path: String
    ) throws(KeyDocumentError) -> (content: [UInt8], mode: Int) {
        let content: Data
        let permissions: Any?
        do {
            // Links count for what they lead to: keys are often mounted as links.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: target)
            permissions = attributes[.posixPermissions]
            content = try Data(contentsOf: URL(fileURLWithPath: target))
        } catch {
            throw .unreadable(path: path, reason: FileTrouble(error).reason)
        }
        guard case let mode as NSNumber = permissions else {
            throw .unreadable(path: path, reason: "nobody knows its permissions")
        }
        guard content.count <= byteCountMax else {
            throw .tooLong(path: path, byteCountMax: byteCountMax)
        }
        return (Array(content), mode.intValue)
    }

    private static func jwks(
        _ content: [UInt8],
        _ file: IssuerEntry.KeyFileEntry,
        _ algorithms: [SignatureAlgorithm]
    ) throws(KeyDocumentError) -> ([KeyMaterial], [SkippedKey], holdsSecret: Bool) {
        let (isSet, isPrivate) = try kind(of: content, path: file.path)
        guard isSet else {
            do throws(KeyError) {
                let key = try KeyMaterial(jwk: content.span, algorithms: algorithms)
                return ([key], [], isPrivate)
            } catch {
                throw .key(path: file.path, error)
            }
        }
        do throws(JWKSetError) {
            let set = try JWKSet(reading: content.span, algorithms: algorithms)
            let isSecret = set.keys.contains { $0.algorithm.isSymmetric }
            return (set.keys, set.skipped, isSecret || !set.privateKeyIndices.isEmpty)
        } catch {
            throw .set(path: file.path, error)
        }
    }

    /// Whether an object is a set, and if not, whether it has what must stay secret.
    private static func kind(
        of content: [UInt8],
        path: String
    ) throws(KeyDocumentError) -> (isSet: Bool, isPrivate: Bool) {
        var reader = JSONReader(content.span)
        var isSet = false
        var isPrivate = false
        do throws(JSONError) {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                isSet = isSet || reader.equals(name, "keys")
                // RFC 7518 §6.2.2, §6.3.2 and §6.4.1, RFC 8037 §2.
                isPrivate = isPrivate || reader.equals(name, "d") || reader.equals(name, "k")
            }
            try reader.finish()
        } catch {
            throw .key(path: path, .notJSON(error))
        }
        return (isSet, isPrivate)
    }

    /// The key, bound to the only one of the algorithms that works with it.
    private static func pem(
        _ text: String,
        _ file: IssuerEntry.KeyFileEntry,
        _ algorithms: [SignatureAlgorithm]
    ) throws(KeyDocumentError) -> KeyMaterial {
        var fitting: [KeyMaterial] = []
        var refusal: KeyError?
        for algorithm in algorithms.isEmpty ? algorithmsDefault : algorithms {
            do throws(KeyError) {
                fitting.append(
                    try KeyMaterial(pem: text, algorithm: algorithm, keyID: file.keyID)
                )
            } catch {
                refusal = error
            }
        }
        guard let key = fitting.first else {
            throw .key(path: file.path, refusal ?? .notPEM)
        }
        guard fitting.count == 1 else {
            throw .severalAlgorithms(path: file.path, fitting.map(\.algorithm))
        }
        return key
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
