internal import Crypto

/// What the server keeps of an API key's secret: a salt, and SHA-256 of salt and secret.
///
/// A hash for passwords (Argon2, scrypt, PBKDF2) makes each guess expensive, because people choose
/// secrets that can be guessed. A secret of 256 random bits cannot be: whoever steals the file has
/// 2^255 guesses to make on average, however cheap each one is. NIST SP 800-63B §5.1.2.2 draws the
/// line for look-up secrets at 112 bits: only below it must they be stretched. A slow hash would
/// also let anybody keep the server busy with wrong keys. The salt costs nothing and keeps equal
/// secrets from showing, should a generator ever fail.
package struct APIKeyHash: Hashable, Sendable {
    package static let saltByteCount = 16
    package static let byteCount = 32

    package let salt: [UInt8]
    package let digest: [UInt8]

    /// - Precondition: Both have their length.
    package init(salt: [UInt8], digest: [UInt8]) {
        precondition(salt.count == Self.saltByteCount, "\(salt.count) bytes for a salt")
        precondition(digest.count == Self.byteCount, "\(digest.count) bytes for a hash")
        self.salt = salt
        self.digest = digest
    }

    package init(of key: APIKey, salt: [UInt8]) {
        self.init(salt: salt, digest: Self.digest(of: key.secret, salt: salt))
    }

    /// Whether this was made of `key`.
    ///
    /// Takes as long wherever the first difference is.
    package func matches(_ key: APIKey) -> Bool {
        let digest = Self.digest(of: key.secret, salt: salt)
        var difference: UInt8 = 0
        for index in digest.indices { difference |= digest[index] ^ self.digest[index] }
        return difference == 0
    }

    private static func digest(of secret: [UInt8], salt: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: salt + secret))
    }
}
