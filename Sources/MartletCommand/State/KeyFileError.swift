/// Why a file cannot be used for a key.
package enum KeyFileError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case readableByOthers(path: String, mode: Int)
    case unwritable(path: String, reason: String)
    /// Empty, of several lines, not text, or longer than any key.
    case malformed(path: String)
    /// It is there already, and what it holds would be lost.
    case exists(path: String)
    case notASealKey(path: String, byteCount: Int)
    case notAnAuditKey(path: String, byteCount: Int)
}

extension KeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the key file \(path): \(reason)"
        case .readableByOthers(let path, let mode):
            """
            other users can read the key file \(path) (mode \(String(mode, radix: 8))); forbid it \
            with: chmod 600 \(path), and make a new key if somebody may have read it
            """
        case .unwritable(let path, let reason):
            """
            cannot make \(path): \(reason); name a directory that the server may write to with \
            --state-directory
            """
        case .malformed(let path):
            """
            the key file \(path) does not hold one line of text; make it with: \
            (umask 077; openssl rand -base64 48 > \(path))
            """
        case .exists(let path):
            """
            \(path) exists and stays as it is, as the keys in it would be lost; name another file \
            (`martlet keys rotate` replaces signing keys)
            """
        case .notASealKey(let path, let byteCount), .notAnAuditKey(let path, let byteCount):
            """
            the key file \(path) does not hold \(byteCount) bytes in base64; make it with: \
            (umask 077; openssl rand -base64 \(byteCount) > \(path))
            """
        }
    }
}
