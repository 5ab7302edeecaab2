internal import Bytes
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

    /// An issuer as it is asked about on every request.
    private struct Trust: Sendable {
        let issuer: String
        let issuerBytes: ByteBuffer
        let audiences: [String]
        /// `nil` allows what the keys are bound to.
        let algorithms: AlgorithmSet?
        let profile: AccessTokenProfile
        var keys: KeySet?
    }

    private var trusts: [Trust]
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
            if let keys = issuer.keys, keys.keys.isEmpty { throw .noKey(issuer: issuer.issuer) }
        }
        trusts = issuers.map { issuer in
            Trust(
                issuer: issuer.issuer,
                issuerBytes: ByteBuffer(issuer.issuer),
                audiences: issuer.audiences,
                algorithms: issuer.algorithms.isEmpty ? nil : AlgorithmSet(issuer.algorithms),
                profile: issuer.profile,
                keys: issuer.keys
            )
        }
        self.clockSkewSeconds = Int64(clockSkewSeconds)
    }

    /// Replaces the keys of an issuer.
    ///
    /// - Parameters:
    ///   - keys: The keys from now on. `nil` or an empty set if there are none to be had: the
    ///     issuer's tokens are then rejected with ``TokenRejection/keysUnavailable(issuer:)``.
    ///   - issuer: One of those the verifier was made with; nothing happens otherwise.
    public mutating func setKeys(_ keys: KeySet?, ofIssuer issuer: String) {
        for index in trusts.indices where trusts[index].issuer == issuer {
            trusts[index].keys = keys.flatMap { $0.keys.isEmpty ? nil : $0 }
        }
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
        let type = try header.tokenType(in: headerReader.json)

        // A forged token costs no more than it takes to learn whose keys must have signed it.
        let index = try index(of: ClaimedIssuer(in: unverified.payload))
        if trusts[index].profile == .required, type != .accessToken { throw .unsupportedType }
        try verify(
            unverified.signature,
            for: token.extracting(unverified.signingInput),
            header,
            in: headerReader.json,
            byTrustAt: index
        )

        // From here on the claims are the issuer's own words.
        let trust = trusts[index]
        var payloadReader = try TokenPartReader(unverified.payload, of: .payload)
        let claims = try UnverifiedClaims(reading: &payloadReader)
        guard !claims.kind.isIdentityToken(typed: type) else { throw .identityToken }
        let subject = try subject(claims, in: payloadReader.json)
        let audience = try audience(claims, of: trust, in: payloadReader.json)
        let scope = try scope(claims, in: payloadReader.json)
        let expiresAt = try claims.times.validate(at: now, clockSkewSeconds: clockSkewSeconds)
        if type == .accessToken, trust.profile != .ignored { try claims.validateAccessToken() }
        return ClaimsSet(
            claims,
            unverified.takePayload(),
            issuer: trust.issuer,
            subject: subject,
            audience: audience,
            expiresAt: expiresAt,
            scope: scope
        )
    }

    /// Where the issuer stands that the token names.
    private func index(
        of issuer: borrowing ClaimedIssuer
    ) throws(TokenRejection) -> Int {
        for index in trusts.indices {
            let name = trusts[index].issuerBytes
            if issuer.equals(name.span) { return index }
        }
        throw .untrustedIssuer
    }

    /// Checks the algorithm, then that a key of the issuer made the signature.
    private func verify(
        _ signature: borrowing Span<UInt8>,
        for input: borrowing Span<UInt8>,
        _ header: JOSEHeader,
        in reader: borrowing JSONReader,
        byTrustAt index: Int
    ) throws(TokenRejection) {
        let algorithms = trusts[index].algorithms
        if let algorithms, !algorithms.contains(header.algorithm) {
            throw .wrongAlgorithm(header.algorithm)
        }
        switch trusts[index].keys?.verdict(on: signature, for: input, header, in: reader) {
        case nil: throw .keysUnavailable(issuer: trusts[index].issuer)
        case .valid: return
        case .invalid: throw .invalidSignature
        case .noAlgorithm where algorithms == nil: throw .wrongAlgorithm(header.algorithm)
        // An algorithm that is configured may be that of a key just published.
        case .noAlgorithm, .noKey:
            throw .unknownKey(header.unknownKey(of: trusts[index].issuer, in: reader))
        }
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
        of trust: Trust,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) -> String {
        guard let claim = claims.audience else { throw .missingClaim(.audience) }
        switch StringList.match(reader.bytes(in: claim), with: trust.audiences) {
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
