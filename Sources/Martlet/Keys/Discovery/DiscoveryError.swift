package import HTTPClient

/// Why the metadata of an issuer is not to be had: what was wrong with each URL that was tried.
package struct DiscoveryError: Error, Hashable, Sendable {
    /// A URL and what became of it.
    package struct Attempt: Hashable, Sendable {
        package let url: HTTPClientURL
        package let problem: Problem
    }

    package enum Problem: Error, Hashable, Sendable {
        case unreachable(HTTPClientError.Reason)
        /// A status other than 200.
        case status(Int)
        case unusable(AuthorizationServerMetadataError)
    }

    package enum Reason: Hashable, Sendable {
        /// Nothing was asked, as the issuer is no URL to ask at.
        case issuer(HTTPClientError)
        /// In the order in which they were made. If the server could not be reached, the last one is
        /// the first such.
        case attempts([Attempt])
    }

    package let issuer: String
    package let reason: Reason

    package init(_ reason: Reason, issuer: String) {
        self.reason = reason
        self.issuer = issuer
    }
}

extension DiscoveryError: CustomStringConvertible {
    package var description: String {
        switch reason {
        case .issuer(let error):
            """
            cannot discover the issuer: \(error); the issuer must be a URL without a query, or the \
            address of its key set be configured
            """
        case .attempts(let attempts):
            """
            cannot discover the issuer: \(attempts.map(\.description).joined(separator: "; ")); check \
            the issuer, or configure the address of its key set
            """
        }
    }
}

extension DiscoveryError.Attempt: CustomStringConvertible {
    package var description: String { "\(url): \(problem)" }
}

extension DiscoveryError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): "\(reason)"
        case .status(let code): "answered \(code)"
        case .unusable(let error): "\(error)"
        }
    }
}
