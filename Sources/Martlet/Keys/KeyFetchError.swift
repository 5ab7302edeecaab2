internal import HTTPClient
internal import JWT

/// Why the keys of an issuer could not be fetched.
///
/// The URLs are those asked, without query and credentials.
enum KeyFetchError: Error, Hashable {
    case undiscovered(DiscoveryError)
    case unreachable(HTTPClientError)
    case status(Int, url: String)
    case malformed(JWKSetError, url: String)
    /// A set that would refuse every token is taken for an accident, and what was known is kept.
    case noUsableKey(skippedCount: Int, url: String)
}

extension KeyFetchError: CustomStringConvertible {
    var description: String {
        switch self {
        case .undiscovered(let error): "\(error)"
        case .unreachable(let error): "\(error)"
        case .status(let code, let url):
            "\(url) answered \(code); check that it is the address of the key set"
        case .malformed(let error, let url): "\(url): \(error)"
        case .noUsableKey(let skippedCount, let url):
            """
            \(url) has no key that can be used and \(skippedCount) that cannot; check the algorithms \
            configured for the issuer
            """
        }
    }
}
