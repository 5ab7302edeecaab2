/// When a token is in force (RFC 7519 §4.1.4 and §4.1.5).
struct TimeClaims: Hashable {
    var expiresAt: NumericDate?
    var notBefore: NumericDate?

    /// Checks that the token is in force at `now`.
    ///
    /// The window is half-open, `notBefore ..< expiresAt`: a token that expires at 100 is valid at
    /// 99 and refused at 100 ("on or after", RFC 7519 §4.1.4). `clockSkewSeconds` widens it at both
    /// ends, for drift between two honest clocks.
    ///
    /// RFC 7519 lets a token omit `exp`. This server does not: a stolen token without one is valid
    /// until the key is rotated.
    ///
    /// - Returns: When the token expires, the skew not added.
    /// - Throws: ``TokenRejection/missingClaim(_:)`` without `exp`,
    ///   ``TokenRejection/expired(at:)`` from `exp` + skew on, and
    ///   ``TokenRejection/notYetValid(until:)`` before `nbf` - skew.
    func validate(
        at now: NumericDate,
        clockSkewSeconds: Int64
    ) throws(TokenRejection) -> NumericDate {
        guard let expiresAt else { throw .missingClaim(.expirationTime) }
        if now >= expiresAt.advanced(bySeconds: clockSkewSeconds) {
            throw .expired(at: expiresAt)
        }
        if let notBefore, now < notBefore.advanced(bySeconds: -clockSkewSeconds) {
            throw .notYetValid(until: notBefore)
        }
        return expiresAt
    }
}
