import JWT

/// Goes through all that decides over a token, whatever came of the checks before.
///
/// ``TokenVerifier`` is what decides; this explains.
struct TokenChecks {
    private let anatomy: TokenAnatomy
    private let issuers: [TrustedIssuer]
    private let clockSkewSeconds: Int64
    private let now: NumericDate
    private(set) var list: [TokenCheck] = []

    init(
        _ anatomy: TokenAnatomy,
        issuers: [TrustedIssuer],
        clockSkewSeconds: Int64,
        now: NumericDate
    ) {
        self.anatomy = anatomy
        self.issuers = issuers
        self.clockSkewSeconds = clockSkewSeconds
        self.now = now
    }

    mutating func run(_ token: [UInt8]) {
        for fault in anatomy.faults { fail(.form, "\(fault)") }
        if anatomy.faults.isEmpty { pass(.form, "three parts of base64url, two of them JSON") }
        let issuer = anatomy.claims.flatMap { checkIssuer($0) }
        if let header = anatomy.header { checkHeader(header, token, issuer) }
        guard let claims = anatomy.claims else { return }
        checkAudience(claims, issuer)
        checkSubject(claims)
        checkTime(claims)
    }

    // MARK: The header

    private mutating func checkHeader(
        _ header: JSONValue,
        _ token: [UInt8],
        _ issuer: TrustedIssuer?
    ) {
        checkType(header, issuer)
        if header["crit"] != nil {
            fail(.type, "the header has crit, and this server understands no extension")
        }
        for name in ["jwk", "jku", "x5u", "x5c"] where header[name] != nil {
            pass(.key, "the header has \(name), which is not looked at: tokens bring no keys")
        }
        guard let name = header["alg"]?.string else {
            return fail(.algorithm, "the header names no alg")
        }
        guard let algorithm = SignatureAlgorithm(name: name) else {
            return fail(
                .algorithm,
                name.lowercased() == "none"
                    ? "alg is \"none\": anybody could have made this token"
                    : "alg is \(name.quoted), which this server does not verify"
            )
        }
        guard let issuer else {
            return add(.algorithm, .open, "\(algorithm.rawValue); whether it may be depends on iss")
        }
        if !issuer.algorithms.isEmpty, !issuer.algorithms.contains(algorithm) {
            let names = issuer.algorithms.map(\.rawValue).joined(separator: ", ")
            return fail(
                .algorithm,
                "\(algorithm.rawValue), and of this issuer only \(names) is accepted"
            )
        }
        pass(.algorithm, algorithm.rawValue)
        guard let keys = issuer.keys else {
            return add(.signature, .open, "the keys of the issuer are not known here")
        }
        checkKey(header, algorithm, keys, token)
    }

    private mutating func checkType(_ header: JSONValue, _ issuer: TrustedIssuer?) {
        let required = issuer?.profile == .required
        guard let type = header["typ"] else {
            return required
                ? fail(.type, "no typ, and of this issuer only at+jwt is accepted (RFC 9068 §4)")
                : pass(.type, "no typ, which is taken for JWT")
        }
        guard let name = type.string else { return fail(.type, "typ is not a string") }
        let bare = name.lowercased().replacing(/^application\//, with: "")
        switch bare {
        case "at+jwt": pass(.type, "at+jwt, an access token (RFC 9068)")
        case "jwt" where required:
            fail(.type, "JWT, and of this issuer only at+jwt is accepted (RFC 9068 §4)")
        case "jwt": pass(.type, "JWT")
        default: fail(.type, "typ is \(name.quoted), which is no access token")
        }
    }

    private mutating func checkKey(
        _ header: JSONValue,
        _ algorithm: SignatureAlgorithm,
        _ keys: KeySet,
        _ token: [UInt8]
    ) {
        let keyID = header["kid"]?.string
        let ofAlgorithm = keys.keys.filter { $0.algorithm == algorithm }
        guard !ofAlgorithm.isEmpty else {
            let names = Set(keys.keys.map(\.algorithm.rawValue)).sorted()
            return fail(
                .key,
                names.isEmpty
                    ? "the issuer has no usable key"
                    : """
                    the issuer has no key for \(algorithm.rawValue), but for \
                    \(names.joined(separator: ", "))
                    """
            )
        }
        let matching = ofAlgorithm.filter { key in
            guard let keyID, let other = key.keyID else { return true }
            return keyID.utf8.elementsEqual(other.utf8)
        }
        guard !matching.isEmpty else {
            let names = ofAlgorithm.map { ($0.keyID ?? "").quoted }.joined(separator: ", ")
            return fail(
                .key,
                """
                kid is \((keyID ?? "").quoted), and the issuer's keys are \(names): the token was \
                signed before a rotation, or by another issuer
                """
            )
        }
        pass(.key, keyID.map { "kid \($0.quoted) is known" } ?? "no kid; \(matching.count) to try")
        do throws(TokenRejection) {
            _ = try keys.verifiedPayload(of: token.span)
            pass(.signature, "it verifies")
        } catch {
            fail(.signature, "\(error)")
        }
    }

    // MARK: The claims

    private mutating func checkIssuer(_ claims: JSONValue) -> TrustedIssuer? {
        guard let name = claims["iss"]?.string else {
            fail(.issuer, claims["iss"] == nil ? "there is no iss" : "iss is not a string")
            return nil
        }
        if let issuer = issuers.first(where: { $0.issuer.utf8.elementsEqual(name.utf8) }) {
            pass(.issuer, "\(name.quoted) is trusted")
            return issuer
        }
        let known = issuers.map(\.issuer.quoted).joined(separator: ", ")
        let isSlash = issuers.contains { $0.issuer == "\(name)/" || "\($0.issuer)/" == name }
        fail(
            .issuer,
            "iss is \(name.quoted), and trusted is \(known.isEmpty ? "nobody" : known)"
                + (isSlash ? "; they differ by a slash at the end, which counts" : "")
        )
        return nil
    }

    private mutating func checkAudience(_ claims: JSONValue, _ issuer: TrustedIssuer?) {
        guard let claim = claims["aud"] else { return fail(.audience, "there is no aud") }
        guard let names = claim.string.map({ [$0] }) ?? claim.strings else {
            return fail(.audience, "aud is neither a string nor an array of strings")
        }
        let text = names.map(\.quoted).joined(separator: ", ")
        guard let issuer else {
            return add(.audience, .open, "\(text); whether it is right depends on iss")
        }
        let match = names.first { name in
            issuer.audiences.contains { $0.utf8.elementsEqual(name.utf8) }
        }
        if let match { return pass(.audience, match.quoted) }
        let wanted = issuer.audiences.map(\.quoted).joined(separator: " or ")
        let isSlash = names.contains { name in
            issuer.audiences.contains { $0 == "\(name)/" || "\($0)/" == name }
        }
        fail(
            .audience,
            "aud is \(text.isEmpty ? "empty" : text), and must name \(wanted)"
                + (isSlash ? "; they differ by a slash at the end, which counts" : "")
        )
    }

    private mutating func checkSubject(_ claims: JSONValue) {
        guard let claim = claims["sub"] else { return fail(.subject, "there is no sub") }
        guard let name = claim.string else { return fail(.subject, "sub is not a string") }
        let isSound =
            (1...255).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        isSound
            ? pass(.subject, name.quoted)
            : fail(.subject, "sub must be 1 to 255 bytes without control characters")
    }

    private mutating func checkTime(_ claims: JSONValue) {
        guard let expiry = claims["exp"] else {
            return fail(.time, "there is no exp: a token that never ends is not accepted")
        }
        guard let expiresAt = expiry.date else { return fail(.time, "exp is not a number") }
        let end = UTCTime(expiresAt)
        if expiresAt.seconds > 100_000_000_000 {
            add(.time, .passed, "exp is beyond the year 5000: milliseconds in place of seconds?")
        }
        if now >= expiresAt.advanced(bySeconds: clockSkewSeconds) {
            return fail(
                .time,
                "expired \(end.relativeText(to: now)), at \(end.calendarText)"
            )
        }
        if let claim = claims["nbf"] {
            guard let start = claim.date else { return fail(.time, "nbf is not a number") }
            if now < start.advanced(bySeconds: -clockSkewSeconds) {
                let time = UTCTime(start)
                return fail(
                    .time,
                    """
                    not valid before \(time.calendarText), \(time.relativeText(to: now)): compare \
                    the clocks of issuer and server
                    """
                )
            }
        }
        pass(.time, "good until \(end.calendarText), \(end.relativeText(to: now))")
    }

    private mutating func pass(_ subject: TokenCheck.Subject, _ text: String) {
        add(subject, .passed, text)
    }

    private mutating func fail(_ subject: TokenCheck.Subject, _ text: String) {
        add(subject, .failed, text)
    }

    private mutating func add(
        _ subject: TokenCheck.Subject,
        _ outcome: TokenCheck.Outcome,
        _ text: String
    ) {
        list.append(TokenCheck(subject, outcome, text))
    }
}
