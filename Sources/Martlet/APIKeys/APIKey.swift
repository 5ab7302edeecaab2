internal import Bytes

/// An API key as its bearer has it.
///
///     api-key  = "martlet_" id "_" secret checksum
///     id       = 12( %x61-7A / "2" / … / "7" )    ; base32, what the server looks up
///     secret   = 43 base64url                     ; 256 random bits
///     checksum = 6 base64url                      ; CRC-32 of all that precedes it
///
/// The prefix and the fixed form let scanners find a key that was published by mistake; the
/// checksum tells them, and a person who mistyped it, that it is or is not one. It proves nothing:
/// anybody can compute it.
package struct APIKey: Sendable {
    /// Why text is no key.
    package enum Flaw: Error, Hashable, Sendable {
        case malformed
    }

    package static let prefix = "martlet_"
    package static let secretByteCount = 32

    package static let characterCount = secretStart + secretCharacterCount + checksumCharacterCount

    private static let idStart = 8
    private static let idEnd = idStart + APIKeyID.characterCount
    private static let secretStart = idEnd + 1
    private static let secretCharacterCount = 43
    private static let checksumCharacterCount = 6

    package let id: APIKeyID

    /// The 256 bits that only the bearer knows.
    package let secret: [UInt8]

    package init(id: APIKeyID, secret: [UInt8]) {
        precondition(secret.count == Self.secretByteCount, "\(secret.count) bytes for a secret")
        self.id = id
        self.secret = secret
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> APIKey {
        let id = APIKeyID.random(using: &generator)
        let secret = (0..<secretByteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        return APIKey(id: id, secret: secret)
    }

    /// The id in text that has the form of a key; the rest is looked at only where its sight counts.
    ///
    /// - Returns: `nil` if length, prefix, id or separator are not those of a key.
    static func id(in text: borrowing Span<UInt8>) -> APIKeyID? {
        guard text.count == characterCount, text.extracting(0..<idStart).equals(prefix),
            text[idEnd] == ASCII.underscore
        else { return nil }
        return APIKeyID(text.extracting(idStart..<idEnd))
    }

    /// Reads a key that was received.
    ///
    /// - Throws: ``Flaw`` unless every character is as it was given out.
    package init(_ text: borrowing Span<UInt8>) throws(Flaw) {
        guard let id = Self.id(in: text) else { throw .malformed }
        let secretEnd = Self.secretStart + Self.secretCharacterCount
        let checksum = Self.checksumText(of: text.extracting(0..<secretEnd))
        var secret = ByteBuffer()
        guard checksum.span.equals(text.extracting(secretEnd...)),
            Base64URL.decode(text.extracting(Self.secretStart..<secretEnd), into: &secret)
        else { throw .malformed }
        self.init(id: id, secret: secret.bytes)
    }

    /// What the bearer is given, once.
    package var text: String {
        var text = ByteBuffer("\(Self.prefix)\(id)_")
        Base64URL.encode(secret.span, into: &text)
        text.append(Self.checksumText(of: text.span))
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// The last six characters, before they are encoded: big-endian.
    package static func checksum(of text: borrowing Span<UInt8>) -> UInt32 {
        CRC32.checksum(of: text)
    }

    private static func checksumText(of text: borrowing Span<UInt8>) -> ByteBuffer {
        let value = checksum(of: text)
        let bytes = stride(from: 24, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: value >> UInt32($0))
        }
        var checksum = ByteBuffer()
        Base64URL.encode(bytes.span, into: &checksum)
        return checksum
    }
}

extension APIKey: CustomStringConvertible, CustomReflectable {
    /// Without the secret, so that a key that is logged by mistake stays one.
    package var description: String { "API key \(id)" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
