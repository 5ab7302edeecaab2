public import JWT

/// A secret as it was configured, for one HMAC algorithm.
public struct SharedSecret: Sendable {
    private let bytes: [UInt8]
    private let algorithm: HMACKey.Algorithm
    private let keyID: String?

    /// - Parameters:
    ///   - bytes: The secret.
    ///   - algorithm: The only one it is used with (RFC 8725 §3.1).
    ///   - keyID: The `kid` of the tokens it signs; `nil` to try it for every token.
    /// - Returns: The secret, however short.
    public static func secret(
        _ bytes: [UInt8],
        algorithm: HMACKey.Algorithm,
        keyID: String? = nil
    ) -> SharedSecret {
        SharedSecret(bytes: bytes, algorithm: algorithm, keyID: keyID)
    }

    func material() throws(KeyError) -> KeyMaterial {
        try KeyMaterial.secret(bytes, algorithm, keyID: keyID)
    }
}

extension SharedSecret: CustomStringConvertible, CustomReflectable {
    public var description: String { "secret of \(bytes.count) bytes" }

    /// Empty, so that `dump` shows no secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
