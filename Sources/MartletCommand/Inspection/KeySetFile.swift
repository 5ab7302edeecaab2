import JWT
import Libuv
import Martlet

/// A JWK Set that somebody fetched, in place of one that is elsewhere.
package struct KeySetFile: Sendable {
    private static let byteCountMax = 1_048_576

    private let path: String
    private let bytes: [UInt8]

    package init(path: String) throws(KeySetFileError) {
        self.path = path
        do throws(FileError) {
            bytes = try FileContent(ofFileAt: path, byteCountMax: Self.byteCountMax).bytes
        } catch {
            throw .file(error)
        }
        do throws(JWKSetError) {
            _ = try JWKSet(reading: bytes.span)
        } catch {
            throw .malformed(path: path, error)
        }
    }

    /// Has the issuer verify with these keys, if its own are elsewhere.
    package func give(to issuer: inout IssuerConfiguration) throws(KeySetFileError) {
        switch issuer.keySource {
        case .keys, .secrets: return
        case .keySetURL, .discovery: break
        }
        do throws(JWKSetError) {
            // An issuer without any usable key stays as it is: it cannot be trusted with none.
            let set = try JWKSet(reading: bytes.span, algorithms: issuer.algorithms)
            guard !set.keys.isEmpty else { return }
            issuer.keySource = .keys(set.keys)
        } catch {
            throw .malformed(path: path, error)
        }
    }
}

/// Why a file gives no keys.
package enum KeySetFileError: Error, Hashable, Sendable {
    case file(FileError)
    case malformed(path: String, JWKSetError)
}

extension KeySetFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .malformed(let path, let error): "\(path): \(error)"
        }
    }
}
