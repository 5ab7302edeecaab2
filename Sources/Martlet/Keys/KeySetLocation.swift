internal import HTTPClient

/// Where an issuer's metadata says that its key set is.
struct KeySetLocation {
    let url: HTTPClientURL

    /// When the metadata was read, in milliseconds of the keeper's clock.
    let readAt: UInt64

    /// Whether something has gone wrong since: the metadata is then read again.
    var isInDoubt = false
}
