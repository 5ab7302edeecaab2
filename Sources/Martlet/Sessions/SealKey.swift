internal import Crypto

/// What session ids and the state of requests are sealed with; never the key that tokens are signed
/// with.
public struct SealKey: Sendable {
    public static let byteCount = 32

    let key: SymmetricKey

    /// The first four bytes of the key's SHA-256: they tell keys apart and nothing of the key.
    let id: [UInt8]

    /// - Returns: `nil` unless there are exactly 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        key = SymmetricKey(data: bytes)
        id = Array(SHA256.hash(data: bytes).prefix(4))
    }

    /// A key that no other process knows: sessions end with this one.
    public static func random() -> SealKey {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        guard let key = SealKey(bytes) else { preconditionFailure("the count is right") }
        return key
    }
}

extension SealKey: CustomStringConvertible {
    public var description: String { "a seal key" }
}
