internal import JSON

/// Decides whether a token is to be believed (RFC 7519 §7.2, RFC 8725).
///
/// A constant: it reads no clock and changes nothing, so any number of requests may share it.
/// Copies share the keys' hash states and count references to them, so give every loop a verifier
/// made from keys of its own.
public struct TokenVerifier: Sendable {
    /// A longer token is refused before anything else is done with it.
    public static let tokenByteCountMax = 8_192

    public static let clockSkewSecondsDefault = 60
    public static let clockSkewSecondsMax = 300

    private let issuers: [TrustedIssuer]
    private let clockSkewSeconds: Int64

    /// - Parameters:
    ///   - issuers: Told apart by their names. Without any, every token is refused.
    ///   - clockSkewSeconds: Tolerance for clocks that differ, 0 to ``clockSkewSecondsMax``.
    /// - Throws: ``TrustError``
    public init(
        issuers: [TrustedIssuer],
        clockSkewSeconds: Int = clockSkewSecondsDefault
    ) throws(TrustError) {
        guard (0...Self.clockSkewSecondsMax).contains(clockSkewSeconds) else {
            throw .clockSkewOutOfRange(
                seconds: clockSkewSeconds,
                secondsMax: Self.clockSkewSecondsMax
            )
        }
        for (index, issuer) in issuers.enumerated() {
            guard !issuer.issuer.isEmpty else { throw .emptyIssuer }
            guard !issuers[..<index].contains(where: { $0.issuer == issuer.issuer }) else {
                throw .duplicateIssuer(issuer.issuer)
            }
            guard !issuer.audiences.isEmpty, !issuer.audiences.contains("") else {
                throw .noAudience(issuer: issuer.issuer)
            }
            guard !issuer.keys.keys.isEmpty else { throw .noKey(issuer: issuer.issuer) }
        }
        self.issuers = issuers
        self.clockSkewSeconds = Int64(clockSkewSeconds)
    }

    /// Proves a token, or throws.
    ///
    /// - Parameters:
    ///   - token: The credentials after `Bearer`, as they were received.
    ///   - now: The time of the check.
    /// - Returns: The claims, signed by an issuer trusted here, in force and meant for this server.
    /// - Throws: ``TokenRejection``, whatever the bytes are.
    public func verify(
        _ token: borrowing Span<UInt8>,
        at now: NumericDate
    ) throws(TokenRejection) -> ClaimsSet {
        let unverified = try UnverifiedToken(decoding: token)
        var headerReader = try TokenPartReader(unverified.header, of: .header)
        let header = try JOSEHeader(reading: &headerReader)
        try header.validateType(in: headerReader.json)

        // Read before the signature is checked, only to learn whose keys must have made it.
        var payloadReader = try TokenPartReader(unverified.payload, of: .payload)
        let claims = try UnverifiedClaims(reading: &payloadReader)
        let issuer = try trustedIssuer(ofUnverified: claims, in: payloadReader.json)

        try issuer.keys.verify(
            unverified.signature,
            for: token.extracting(unverified.signingInput),
            header,
            in: headerReader.json
        )

        // From here on the claims are the issuer's own words.
        let subject = try subject(claims, in: payloadReader.json)
        let audience = try audience(claims, of: issuer, in: payloadReader.json)
        let scope = try scope(claims, in: payloadReader.json)
        let expiresAt = try claims.times.validate(at: now, clockSkewSeconds: clockSkewSeconds)
        return ClaimsSet(
            claims,
            unverified.takePayload(),
            issuer: issuer.issuer,
            subject: subject,
            audience: audience,
            expiresAt: expiresAt,
            scope: scope
        )
    }

    private func trustedIssuer(
        ofUnverified claims: UnverifiedClaims,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) -> TrustedIssuer {
        guard let name = claims.issuer else { throw .missingClaim(.issuer) }
        for issuer in issuers where reader.equals(name, issuer.issuer) { return issuer }
        throw .untrustedIssuer
    }

    private func subject(
        _ claims: UnverifiedClaims,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) -> String {
        guard let claim = claims.subject else { throw .missingClaim(.subject) }
        let subject = reader.text(of: claim)
        guard SubjectName.isValid(subject) else { throw .malformedClaim(.subject) }
        return subject
    }

    private func audience(
        _ claims: UnverifiedClaims,
        of issuer: TrustedIssuer,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) -> String {
        guard let claim = claims.audience else { throw .missingClaim(.audience) }
        switch StringList.match(reader.bytes(in: claim), with: issuer.audiences) {
        case nil: throw .malformedClaim(.audience)
        case .some(.none): throw .wrongAudience
        case .text(let audience): return audience
        }
    }

    /// A string with spaces between the names, or, as some authorization servers write it, an array
    /// of names.
    ///
    /// One of another kind is refused: it may be meant to narrow what a role permits.
    private func scope(
        _ claims: UnverifiedClaims,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) -> [String]? {
        guard let claim = claims.scope else { return nil }
        guard let texts = StringList.texts(reader.bytes(in: claim)) else {
            throw .malformedClaim(.scope)
        }
        return texts.flatMap { $0.split(separator: " ").map(String.init) }
    }
}
