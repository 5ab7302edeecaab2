/// A key that a token names and its issuer does not have, or has not published yet.
public struct UnknownKey: Hashable, Sendable {
    /// The configured issuer whose key it would be; empty where a signature is checked without
    /// claims.
    public let issuer: String

    /// The token's `kid`.
    ///
    /// - Important: Whatever somebody wrote there: to be looked up, never to be logged.
    ///
    /// `nil` if the token has none or one longer than ``KeyMaterial/keyIDByteCountMax``, which no
    /// key has.
    public let keyID: String?

    public init(issuer: String, keyID: String?) {
        self.issuer = issuer
        self.keyID = keyID
    }
}

extension UnknownKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "an unknown key of \(issuer)" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
