import JSON
import JWT

/// Keys that tokens are signed with, in the order in which they count: the first signs.
///
/// A JWK Set (RFC 7517 §5) with private keys. A key that was replaced stays as its public half, so
/// that tokens which it signed verify until they have expired; its member `exp` says when it may
/// go, as in the historical keys of OpenID Federation 1.0 (§8.7.3).
package struct SigningKeySet: Hashable, Sendable {
    /// One key.
    package struct Entry: Hashable, Sendable {
        package let algorithm: SignatureAlgorithm
        package let keyID: String?

        /// When it stops to count; `nil` for a key that signs.
        package let endsAt: NumericDate?

        /// As it stands in the file.
        let jwk: JSONValue
    }

    /// What a rotation did.
    package struct Rotation: Hashable, Sendable {
        /// Keys that sign from now on.
        package let added: [Entry]
        /// Keys that signed, and verify for a while.
        package let replaced: [Entry]
        /// Keys whose time was over.
        package let dropped: [Entry]
    }

    package private(set) var entries: [Entry]

    /// - Parameter keys: The first signs.
    package init(_ keys: [SigningKey]) {
        entries = keys.map { Entry($0) }
    }

    /// Reads the set, keys of every kind included.
    ///
    /// - Throws: ``SigningKeySetError`` if anything in it cannot be used: what is written back must
    ///   be all that was there.
    package init(parsing text: String) throws(SigningKeySetError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw .notJSON(error)
        }
        guard case .array(let keys) = document["keys"] ?? .null else { throw .notASet }
        entries = []
        for (index, jwk) in keys.enumerated() {
            entries.append(try Entry(jwk, index: index))
        }
        guard !entries.isEmpty else { throw .empty }
    }

    /// The keys that sign, the one that counts first.
    package var signing: [Entry] { entries.filter { $0.endsAt == nil } }

    /// The private key to sign with: the first, or the first for a certain algorithm.
    package func signingKey(
        _ algorithm: SignatureAlgorithm?
    ) throws(SigningKeySetError) -> SigningKey {
        for (index, entry) in entries.enumerated() where entry.endsAt == nil {
            guard algorithm == nil || entry.algorithm == algorithm else { continue }
            return try entry.privateKey(index: index)
        }
        throw .noSigningKey(algorithm)
    }

    /// Puts new keys in front, keeps what those before need to verify, and drops what has ended.
    ///
    /// - Parameters:
    ///   - keys: The new keys. All that sign now are replaced.
    ///   - overlapSeconds: How long the keys before verify: at least as long as tokens are good.
    ///   - now: When it happens.
    /// - Returns: What was done.
    /// - Throws: ``SigningKeySetError``; then nothing has changed.
    package mutating func rotate(
        to keys: [SigningKey],
        overlapSeconds: Int64,
        now: NumericDate
    ) throws(SigningKeySetError) -> Rotation {
        var replaced: [Entry] = []
        var kept: [Entry] = []
        var dropped: [Entry] = []
        let end = now.advanced(bySeconds: overlapSeconds)
        for (index, entry) in entries.enumerated() {
            if let endsAt = entry.endsAt {
                if now >= endsAt { dropped.append(entry) } else { kept.append(entry) }
                continue
            }
            replaced.append(try entry.ending(at: end, index: index))
        }
        let added = keys.map { Entry($0) }
        entries = added + replaced + kept
        return Rotation(added: added, replaced: replaced, dropped: dropped)
    }

    /// The public JWK Set, without the keys that have ended.
    ///
    /// - Throws: ``SigningKeySetError/symmetric(index:keyID:)``: a shared secret has no public half.
    package func exported(now: NumericDate) throws(SigningKeySetError) -> JSONValue {
        var keys: [JSONValue] = []
        for (index, entry) in entries.enumerated() {
            if let endsAt = entry.endsAt, now >= endsAt { continue }
            keys.append(try entry.publicJWK(index: index))
        }
        return .object([JSONValue.Member("keys", .array(keys))])
    }

    /// The content of the file, a key on each line.
    package var text: String {
        let lines = entries.map(\.jwk.compactText)
        return "{\"keys\":[\n\(lines.joined(separator: ",\n"))\n]}\n"
    }
}

extension SigningKeySet: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(entries.count) keys" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
