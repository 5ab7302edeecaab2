internal import AccessControl
internal import Bytes

/// Tokens that verified, with their principals, so that an agent's next request need not be
/// verified again.
///
/// A table of fixed size in which a token's place follows from the last bytes of its signature. An
/// entry is compared with the whole token, so a token that merely resembles one gains nothing;
/// one that shares a place takes it over.
struct VerifiedTokenCache {
    private struct Entry {
        let token: ByteBuffer
        let principal: Principal
        let validBeforeSeconds: Int64
    }

    /// Tokens kept for each loop, at most: about 1 KiB each.
    static let entryCountMax = 4_096

    private var entries: [Entry?] = Array(repeating: nil, count: entryCountMax)

    func principal(for token: Span<UInt8>, nowSeconds: Int64) -> Principal? {
        guard let entry = entries[place(of: token)],
            nowSeconds < entry.validBeforeSeconds,
            Self.areEqual(entry.token.span, token)
        else { return nil }
        return entry.principal
    }

    mutating func insert(
        _ token: Span<UInt8>,
        _ principal: Principal,
        validBeforeSeconds: Int64
    ) {
        entries[place(of: token)] = Entry(
            token: ByteBuffer(copying: token),
            principal: principal,
            validBeforeSeconds: validBeforeSeconds
        )
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
    private func place(of token: Span<UInt8>) -> Int {
        var hash: UInt64 = 0
        for index in max(0, token.count - 8)..<token.count {
            hash = hash &* 31 &+ UInt64(token[index])
        }
        return Int(hash % UInt64(Self.entryCountMax))
    }
}
