package import AccessControl
internal import Bytes

/// Tokens that verified, with their principals, so that an agent's next request need not be
/// verified again.
///
/// A table of fixed size in which a token's place follows from the last bytes of its signature. An
/// entry is compared with the whole token, so a token that merely resembles one gains nothing;
/// one that shares a place takes it over.
package struct VerifiedTokenCache {
    private struct Entry {
        /// Of the end of the token: another token is told apart without a look at its bytes.
        let hash: UInt64
        let token: ByteBuffer
        let principal: Principal
        let validSeconds: Range<Int64>
    }

    /// Tokens kept for each loop, at most: about 1 KiB each.
    package static let entryCountMax = 4_096

    private var entries: [Entry?] = Array(repeating: nil, count: entryCountMax)

    package init() {}

    /// Who bore the token when it verified, if that may still be said.
    package func principal(for token: Span<UInt8>, nowSeconds: Int64) -> Principal? {
        let hash = Self.hash(of: token)
        guard let entry = entries[Self.place(of: hash)], entry.hash == hash,
            entry.validSeconds.contains(nowSeconds),
            Self.areEqual(entry.token.span, token)
        else { return nil }
        return entry.principal
    }

    /// Remembers a token.
    ///
    /// - Precondition: It has verified, and is in force at `validSeconds`: the clock may go back.
    package mutating func insert(
        _ token: Span<UInt8>,
        _ principal: Principal,
        validSeconds: Range<Int64>
    ) {
        let hash = Self.hash(of: token)
        entries[Self.place(of: hash)] = Entry(
            hash: hash,
            token: ByteBuffer(copying: token),
            principal: principal,
            validSeconds: validSeconds
        )
    }

    /// Forgets every token: what verified by other keys is to be verified by those in use.
    package mutating func removeAll() {
        for index in entries.indices { entries[index] = nil }
    }

    /// Forgets the tokens of those who are to be refused from now on.
    package mutating func removeAll(where isRefused: (Principal) -> Bool) {
        for index in entries.indices {
            if let entry = entries[index], isRefused(entry.principal) { entries[index] = nil }
        }
    }

    /// Takes as long wherever the first difference is: how much of a signature is right shall not
    /// be measured.
    private static func areEqual(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Bool {
        guard first.count == second.count else { return false }
        var difference: UInt8 = 0
        for index in first.indices { difference |= first[index] ^ second[index] }
        return difference == 0
    }

    /// Eight bytes of base64url hold 48 bits of the signature, which nobody without the key
    /// chooses; other tokens are never inserted.
    private static func hash(of token: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0
        for index in max(0, token.count - 8)..<token.count {
            hash = hash &* 31 &+ UInt64(token[index])
        }
        return hash
    }

    private static func place(of hash: UInt64) -> Int {
        Int(hash % UInt64(entryCountMax))
    }
}
