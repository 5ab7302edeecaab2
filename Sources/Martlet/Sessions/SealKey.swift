internal import Crypto

/// What session ids are sealed with; never the key that tokens are signed with.
public struct SealKey: Sendable {
    public static let byteCount = 32

    let key: SymmetricKey

    /// - Returns: `nil` unless there are exactly 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// A key that no other process knows: sessions end with this one.
    public static func random() -> SealKey {
        SealKey(key: SymmetricKey(size: .bits256))
    }

    private init(key: SymmetricKey) {
        self.key = key
    }
}

extension SealKey: CustomStringConvertible {
    public var description: String { "a seal key" }
}
