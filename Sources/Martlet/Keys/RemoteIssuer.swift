internal import HTTPClient
internal import JWT

/// An issuer whose keys are fetched.
struct RemoteIssuer: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case keySet(HTTPClientURL)
        /// The issuer's metadata names the key set.
        case discovery
    }

    let issuer: String
    let source: Source

    /// Those that its keys may be for; empty for all that are not symmetric.
    let algorithms: [SignatureAlgorithm]

    /// - Returns: `nil` if the issuer's keys are known when the server starts.
    /// - Throws: ``ConfigurationError/keySource(issuer:_:)`` if there is no asking at the URL.
    init?(_ configuration: IssuerConfiguration) throws(ConfigurationError) {
        issuer = configuration.issuer
        algorithms = configuration.algorithms
        do throws(HTTPClientError) {
            switch configuration.keySource {
            case .keys, .secrets: return nil
            case .keySetURL(let url): source = .keySet(try HTTPClientURL(url))
            case .discovery:
                _ = try DiscoveryURLs.urls(ofIssuer: configuration.issuer)
                source = .discovery
            }
        } catch {
            throw .keySource(issuer: configuration.issuer, error)
        }
    }
}
