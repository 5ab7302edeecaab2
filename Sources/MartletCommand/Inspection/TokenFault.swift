import JSON

/// Something wrong with the form of a token, in words for whoever must put it right.
package enum TokenFault: Hashable, Sendable {
    case empty
    /// No full stop: a reference to something that only its authorization server knows.
    case opaque
    case tooLong(byteCount: Int, byteCountMax: Int)
    case noSignature
    case emptySignature
    /// Five parts (RFC 7516 §7.1).
    case encrypted
    case partCount(Int)
    case padded(TokenAnatomy.Part)
    /// `+` and `/` in place of `-` and `_`.
    case otherAlphabet(TokenAnatomy.Part)
    case foreignCharacter(TokenAnatomy.Part, offset: Int)
    /// A length, or bits at the end, that no encoder leaves.
    case cutOff(TokenAnatomy.Part)
    case notJSON(TokenAnatomy.Part, JSONError)
    case notObject(TokenAnatomy.Part)
    case repeatedMember(TokenAnatomy.Part, name: String)
}

extension TokenFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "there is nothing: a variable that is not set, or an empty file"
        case .opaque:
            """
            there is no full stop in it, so it is no JWT but an opaque token, which says nothing \
            to anybody but its authorization server; have that issue JWTs (with many, by asking \
            for a registered resource or audience)
            """
        case .tooLong(let byteCount, let byteCountMax):
            "it has \(byteCount) bytes, and a server takes \(byteCountMax)"
        case .noSignature:
            "it has two parts: the signature is missing, so the token was cut off or never signed"
        case .emptySignature:
            "its signature is empty: an unsigned token (\"alg\": \"none\"), or one that was cut off"
        case .encrypted:
            """
            it has five parts: an encrypted token (JWE, RFC 7516), which its recipient alone can \
            read; have the authorization server sign tokens for this server without encrypting them
            """
        case .partCount(let count):
            "it has \(count) parts with full stops between them, and a signed token has three"
        case .padded(let part):
            "the \(part.rawValue) ends in \"=\"; base64url in tokens has no padding (RFC 7515 §2)"
        case .otherAlphabet(let part):
            """
            the \(part.rawValue) has \"+\" or \"/\", which are base64; tokens have base64url, with \
            \"-\" and \"_\" (RFC 7515 §2)
            """
        case .foreignCharacter(let part, let offset):
            "the \(part.rawValue) has a character that is not base64url, at byte \(offset)"
        case .cutOff(let part):
            "the \(part.rawValue) has a length or an end that base64url cannot have; it was cut off"
        case .notJSON(let part, let error):
            "the \(part.rawValue) is not JSON: \(error)"
        case .notObject(let part):
            "the \(part.rawValue) is JSON, but no object"
        case .repeatedMember(let part, let name):
            "the \(part.rawValue) has \(name.quoted) twice"
        }
    }
}
