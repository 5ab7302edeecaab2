import JWT

/// Why a file gives no keys to verify with.
package enum KeyDocumentError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case tooLong(path: String, byteCountMax: Int)
    /// A secret or a private key that anybody but the owner has access to.
    case secretReadableByOthers(path: String, mode: Int)
    case key(path: String, KeyError)
    case set(path: String, JWKSetError)
    /// Every key of a set was skipped, for these reasons among others.
    case noUsableKey(path: String, reasons: [String])
    case severalAlgorithms(path: String, [SignatureAlgorithm])
    /// A `kid` for the keys of a document in which each has its own.
    case nameOfNamedKeys(path: String)
}

extension KeyDocumentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read the key file \(path): \(reason)"
        case .tooLong(let path, let byteCountMax):
            "the key file \(path) has more than \(byteCountMax) bytes"
        case .secretReadableByOthers(let path, let mode):
            """
            other users can read the key file \(path) (mode \(String(mode, radix: 8))), which \
            holds what tokens are signed with; forbid it with: chmod 600 \(path), or keep only \
            the public key there
            """
        case .key(let path, let error): "\(path): \(error)"
        case .set(let path, let error): "\(path): \(error)"
        case .noUsableKey(let path, let reasons):
            "\(path) has no usable key"
                + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
        case .severalAlgorithms(let path, let algorithms):
            """
            the key in \(path) works with \(algorithms.map(\.rawValue).joined(separator: ", ")); \
            name the one with {"path": …, "algorithm": …}
            """
        case .nameOfNamedKeys(let path):
            "\(path) is no PEM file, and JWKs have a kid of their own; leave \"kid\" out"
        }
    }
}
