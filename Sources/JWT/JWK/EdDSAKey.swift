internal import Bytes
internal import Crypto

/// The public half of an Ed25519 key (RFC 8037 §3.1, RFC 8032 §5.1).
public struct EdDSAKey: Sendable {
    static let byteCount = 32

    public let keyID: String?

    private let key: Curve25519.Signing.PublicKey

    /// - Throws: ``KeyError/malformedEd25519Key`` or ``KeyError/weakEd25519Key``.
    init(_ bytes: [UInt8], keyID: String?) throws(KeyError) {
        guard bytes.count == Self.byteCount, Self.isCanonical(bytes) else {
            throw .malformedEd25519Key
        }
        guard !Self.isOfLowOrder(bytes) else { throw .weakEd25519Key }
        do {
            key = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        } catch {
            throw .malformedEd25519Key
        }
        self.keyID = keyID
    }

    /// S must be below the group's order (RFC 8032 §5.1.7), which BoringSSL checks: a signature has
    /// no second spelling.
    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        key.isValidSignature(
            ByteBuffer(copying: signature).bytes,
            for: ByteBuffer(copying: input).bytes
        )
    }
}

extension EdDSAKey {
    /// Whether the y-coordinate is below the field's prime, 2^255 - 19 (RFC 8032 §5.1.3): little-
    /// endian, the highest bit being the sign of x.
    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard bytes[31] & 0x7F == 0x7F, bytes[1..<31].allSatisfy({ $0 == 0xFF }) else {
            return true
        }
        return bytes[0] < 0xED
    }

    /// Whether the point's order divides 8.
    ///
    /// Under such a key anybody can make signatures: with the neutral element, one that fits every
    /// message.
    private static func isOfLowOrder(_ bytes: [UInt8]) -> Bool {
        var y = bytes
        y[31] &= 0x7F
        return lowOrderCoordinates.contains(y)
    }

    /// The y-coordinates of the eight points whose order divides 8, little-endian.
    private static let lowOrderCoordinates: [[UInt8]] = [
        // Order 4: y = 0.
        [UInt8](repeating: 0, count: 32),
        // The neutral element: y = 1.
        [1] + [UInt8](repeating: 0, count: 31),
        // Order 2: y = -1.
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        // Order 8, y and -y.
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF,
            0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88,
            0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10,
            0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77,
            0x92, 0xAC, 0x03, 0x7A,
        ],
    ]
}

extension EdDSAKey: CustomStringConvertible {
    public var description: String { "EdDSA key \(keyID ?? "without kid")" }
}
