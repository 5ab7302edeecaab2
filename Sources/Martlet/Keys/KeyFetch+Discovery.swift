internal import HTTPClient
internal import Libuv

extension KeyFetch {
    /// Where the issuer's metadata says that its key set is.
    ///
    /// The metadata is asked for once a day, and when a key set could not be had. Without an answer
    /// the set is looked for where it was.
    func discoveredURL() async throws(KeyFetchError) -> HTTPClientURL {
        let known = source.location
        let ageMax = KeyRefresh.milliseconds(keeper.refresh.metadataSecondsMax)
        if let known, !known.isInDoubt, keeper.now < known.readAt + ageMax { return known.url }
        do throws(KeyFetchError) {
            let url = try await urlInMetadata()
            source.location = KeySetLocation(url: url, readAt: keeper.now)
            return url
        } catch {
            guard let known else { throw error }
            return known.url
        }
    }

    private func urlInMetadata() async throws(KeyFetchError) -> HTTPClientURL {
        do throws(DiscoveryError) {
            return try await fetchAuthorizationServerMetadata(
                issuer: source.issuer.issuer,
                with: keeper.client
            ).keySetURL
        } catch {
            throw .undiscovered(error)
        }
    }
}
