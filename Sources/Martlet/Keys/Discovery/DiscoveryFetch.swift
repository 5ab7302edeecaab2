internal import Bytes
package import HTTPClient

/// Asks an issuer for its metadata at each place where it may be, until one has it.
///
/// - Parameters:
///   - issuer: As it stands in tokens, and in the document.
///   - client: Used on its loop, where this must be called.
///   - isolation: Left out.
/// - Returns: The metadata, which is that of `issuer`.
/// - Throws: ``DiscoveryError``, which names every URL tried.
package func fetchAuthorizationServerMetadata(
    issuer: String,
    with client: CurlClient,
    isolation: isolated (any Actor)? = #isolation
) async throws(DiscoveryError) -> AuthorizationServerMetadata {
    let urls: [HTTPClientURL]
    do throws(HTTPClientError) {
        urls = try DiscoveryURLs.urls(ofIssuer: issuer)
    } catch {
        throw DiscoveryError(.issuer(error), issuer: issuer)
    }
    var attempts: [DiscoveryError.Attempt] = []
    for url in urls {
        do throws(DiscoveryError.Problem) {
            return try await metadata(of: issuer, at: url, with: client, isolation: isolation)
        } catch {
            attempts.append(DiscoveryError.Attempt(url: url, problem: error))
            // Every URL is of one server. One that cannot be reached would not be at the next.
            if error.isOfServer { break }
        }
    }
    throw DiscoveryError(.attempts(attempts), issuer: issuer)
}

private func metadata(
    of issuer: String,
    at url: HTTPClientURL,
    with client: CurlClient,
    isolation: isolated (any Actor)?
) async throws(DiscoveryError.Problem) -> AuthorizationServerMetadata {
    let response: HTTPClientResponse
    do throws(HTTPClientError) {
        response = try await client.get(url, accept: "application/json", isolation: isolation)
    } catch {
        throw .unreachable(error.reason)
    }
    guard response.statusCode == 200 else { throw .status(response.statusCode) }
    do throws(AuthorizationServerMetadataError) {
        return try AuthorizationServerMetadata(reading: response.body.span, issuer: issuer)
    } catch {
        throw .unusable(error)
    }
}

extension DiscoveryError.Problem {
    /// Whether the way to the server, or this side of it, is what fails.
    fileprivate var isOfServer: Bool {
        switch self {
        case .unreachable(let reason):
            switch reason {
            case .cannotResolve, .cannotConnect, .untrustedCertificate, .tls, .timedOut,
                .unusableCAFile, .tooManyTransfers, .cancelled, .closed:
                true
            case .malformedURL, .credentialsInURL, .insecureURL, .malformedField,
                .redirectRefused, .tooManyRedirects, .headTooLong, .bodyTooLong,
                .malformedResponse, .connectionLost, .libcurl:
                false
            }
        case .status, .unusable: false
        }
    }
}
