/// What a client calls one write of its own, so that sending it twice does it once.
///
/// A key counts within a workspace, for one subject and one kind of write, for 24 hours
/// (a restoration's for ``TodoRestoration/keyLifetimeSeconds``).
public struct IdempotencyKey: Hashable, Sendable {
    /// In characters, each of which is one byte.
    public static let characterCountMax = 128

    /// How long a key and the result of its write are kept.
    public static let lifetimeSeconds: Int64 = 86_400

    public let text: String

    /// - Throws: ``IdempotencyKeyError`` unless `text` is 1 to 128 visible ASCII characters
    ///   (U+0021 to U+007E).
    public init(_ text: String) throws(IdempotencyKeyError) {
        let bytes = text.utf8
        guard (1...Self.characterCountMax).contains(bytes.count) else {
            throw .wrongLength(byteCount: bytes.count)
        }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .invisibleCharacter }
        self.text = text
    }
}

/// Why a text cannot be an idempotency key.
public enum IdempotencyKeyError: Error, Hashable, Sendable {
    case wrongLength(byteCount: Int)
    case invisibleCharacter
}

extension IdempotencyKeyError: CustomStringConvertible {
    /// A sentence that tells the caller what to send instead.
    public var description: String {
        switch self {
        case .wrongLength(let byteCount):
            """
            The idempotency key has \(byteCount) bytes; \
            send 1 to \(IdempotencyKey.characterCountMax) visible ASCII characters.
            """
        case .invisibleCharacter:
            """
            The idempotency key contains a space, a control character or a character outside \
            ASCII; send visible ASCII characters only.
            """
        }
    }
}
