package import Libuv

/// Why a key cannot be made or revoked.
package enum APIKeyFileError: Error, Hashable, Sendable {
    case file(AccessFileError)
    case unwritable(LibuvError)
    case keys(APIKeySetError)
    case noSuchKey
}

extension APIKeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .unwritable(let error): "cannot change the API keys: \(error)"
        case .keys(.nameTaken(let name)):
            """
            there is an API key called \(name); choose another --name, or revoke that one with: \
            martlet apikey revoke \(name)
            """
        case .keys(let error): "cannot change the API keys: \(error)"
        case .noSuchKey:
            "no API key has this name or id; martlet apikey list shows those there are"
        }
    }
}
