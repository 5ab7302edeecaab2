internal import HTTPClient
internal import JWT
internal import Libuv

/// One attempt to get the keys of an issuer.
///
/// Runs on the loop of its keeper from beginning to end.
final class KeyFetch {
    private static let mediaTypes = "application/jwk-set+json, application/json"

    let source: KeyKeeper.Source
    let keeper: KeyKeeper

    init(_ source: KeyKeeper.Source, by keeper: KeyKeeper) {
        self.source = source
        self.keeper = keeper
    }

    func run() async {
        do throws(KeyFetchError) {
            keeper.didFetch(try await keySet(), for: source)
        } catch {
            // The set may have moved: the metadata is asked for again before the next attempt.
            source.location?.isInDoubt = true
            keeper.didFail(error, for: source)
        }
    }

    private func keySet() async throws(KeyFetchError) -> FetchedKeySet {
        let url = try await url()
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await keeper.client.get(url, accept: Self.mediaTypes)
        } catch {
            throw .unreachable(error)
        }
        guard response.statusCode == 200 else {
            throw .status(response.statusCode, url: "\(url)")
        }
        let set: JWKSet
        do throws(JWKSetError) {
            set = try JWKSet(reading: response.body.span, algorithms: source.issuer.algorithms)
        } catch {
            throw .malformed(error, url: "\(url)")
        }
        guard !set.keys.isEmpty else {
            throw .noUsableKey(skippedCount: set.skipped.count, url: "\(url)")
        }
        return FetchedKeySet(
            set: set,
            lifetimeSeconds: CacheLifetime.seconds(
                cacheControl: response.value(of: "Cache-Control"),
                age: response.value(of: "Age")
            ),
            url: "\(url)"
        )
    }

    /// Where the set is: as configured, or as the issuer's metadata says.
    private func url() async throws(KeyFetchError) -> HTTPClientURL {
        switch source.issuer.source {
        case .keySet(let url): return url
        case .discovery: return try await discoveredURL()
        }
    }
}
