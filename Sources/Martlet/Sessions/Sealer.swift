internal import Bytes
internal import Crypto
internal import Foundation

/// Seals what clients carry for the server: AES-256-GCM, with the key's name in front.
///
///     key id (4 bytes) ‖ expiry (8, big-endian seconds) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
///
/// in base64url. The first key seals and all open, so keys are rotated without ending anything. The
/// purpose, the expiry and what the caller says the text is good for are authenticated with it.
struct Sealer: Sendable {
    /// What a seal is for; one never opens as the other.
    enum Purpose: UInt8 {
        case session = 1
        case requestState = 2
    }

    private static let keyIDByteCount = 4
    private static let expiryByteCount = 8
    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    /// How long a sealed text may be at all, in bytes.
    static let textByteCountMax = 1_048_576

    private let keys: [SealKey]

    /// - Precondition: There is a key.
    init(_ keys: [SealKey]) {
        precondition(!keys.isEmpty, "without a key nothing can be sealed")
        self.keys = keys
    }

    /// Seals a text for a purpose and a time; `context` must be the same when it is opened.
    ///
    /// - Returns: `nil` if the cryptographic library refuses, which its contract rules out.
    func seal(
        _ plaintext: [UInt8],
        for purpose: Purpose,
        goodFor context: [UInt8],
        untilSeconds expiry: Int64
    ) -> String? {
        let key = keys[0]
        let head = key.id + Self.bytes(of: expiry)
        do {
            let box = try AES.GCM.seal(
                plaintext,
                using: key.key,
                authenticating: [purpose.rawValue] + head + context
            )
            guard let combined = box.combined else { return nil }
            var text = ByteBuffer()
            Base64URL.encode((head + [UInt8](combined)).span, into: &text)
            return String(validating: text.span)
        } catch {
            return nil
        }
    }

    /// What was sealed.
    ///
    /// - Returns: `nil` if the text is not of this server, for another purpose or context, or no
    ///   longer good.
    func open(
        _ text: Span<UInt8>,
        for purpose: Purpose,
        goodFor context: [UInt8],
        nowSeconds: Int64
    ) -> [UInt8]? {
        guard text.count <= Self.textByteCountMax else { return nil }
        var decoded = ByteBuffer()
        guard Base64URL.decode(text, into: &decoded) else { return nil }
        let headByteCount = Self.keyIDByteCount + Self.expiryByteCount
        guard decoded.count >= headByteCount + Self.nonceByteCount + Self.tagByteCount else {
            return nil
        }
        let head = Array(decoded.bytes[..<headByteCount])
        guard let key = keys.first(where: { head.starts(with: $0.id) }) else { return nil }
        let expiry = head[Self.keyIDByteCount...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard nowSeconds < expiry else { return nil }
        do {
            let box = try AES.GCM.SealedBox(combined: decoded.bytes[headByteCount...])
            return [UInt8](
                try AES.GCM.open(
                    box,
                    using: key.key,
                    authenticating: [purpose.rawValue] + head + context
                )
            )
        } catch {
            return nil
        }
    }

    private static func bytes(of number: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Int64($0)) }
    }
}
