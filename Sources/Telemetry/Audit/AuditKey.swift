internal import Bytes
internal import Crypto

/// The private key (Ed25519, RFC 8032) that an audit log is signed with.
public struct AuditKey: Sendable {
    /// Bytes of the seed that the key is made of (RFC 8032 §5.1.5).
    public static let byteCount = 32

    private let key: Curve25519.Signing.PrivateKey

    /// - Returns: `nil` unless there are exactly 32 bytes.
    public init?(_ seed: [UInt8]) {
        guard seed.count == Self.byteCount else { return nil }
        do {
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        } catch {
            return nil
        }
    }

    /// A key that no other process knows.
    public static func random() -> AuditKey {
        var generator = SystemRandomNumberGenerator()
        let seed = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        guard let key = AuditKey(seed) else { preconditionFailure("the count is right") }
        return key
    }

    /// What the log is verified with.
    public var publicHalf: AuditPublicKey {
        guard let key = AuditPublicKey(Array(key.publicKey.rawRepresentation)) else {
            preconditionFailure("a private key has a public half")
        }
        return key
    }

    func signature(for message: [UInt8]) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            preconditionFailure("an Ed25519 key signs any message: \(error)")
        }
    }
}

extension AuditKey: CustomStringConvertible {
    public var description: String { "an audit key" }
}

/// What an audit log is verified with; anybody may know it.
public struct AuditPublicKey: Hashable, Sendable {
    /// 32 bytes (RFC 8032 §5.1.5).
    public let bytes: [UInt8]

    /// - Returns: `nil` unless the bytes are a public key.
    public init?(_ bytes: [UInt8]) {
        do {
            _ = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        } catch {
            return nil
        }
        self.bytes = bytes
    }

    /// - Returns: `nil` unless the text is 32 bytes in base64url without padding.
    public init?(_ text: String) {
        var decoded = ByteBuffer()
        guard Base64URL.decode(text.utf8.span, into: &decoded) else { return nil }
        self.init(decoded.bytes)
    }

    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        do {
            return try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
                .isValidSignature(signature, for: message)
        } catch {
            return false
        }
    }
}

extension AuditPublicKey: CustomStringConvertible {
    /// The bytes in base64url.
    public var description: String { AuditChain.text(of: bytes) }
}
