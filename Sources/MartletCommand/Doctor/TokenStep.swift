import JWT

/// The token, before it is sent: an authorization server's keys and the metadata of the resource
/// tell whether a server can believe it.
package enum TokenStep {
    private static let step = Finding.Step.token

    /// An authorization server as it was examined.
    package struct ExaminedIssuer: Hashable, Sendable {
        package let name: String

        /// Its JWK Set.
        package let keySet: [UInt8]

        package init(_ name: String, keySet: [UInt8]) {
            self.name = name
            self.keySet = keySet
        }

        /// The keys as a server reads them, and those that it would read if it were configured for
        /// the algorithm of the token.
        func keys(for algorithm: SignatureAlgorithm?) throws(JWKSetError) -> [KeyMaterial] {
            let keys = try JWKSet(reading: keySet.span).keys
            guard let algorithm, !algorithm.isSymmetric else { return keys }
            let more = try JWKSet(reading: keySet.span, algorithms: [algorithm]).keys
            return keys + more.filter { !keys.contains($0) }
        }
    }

    /// A token that is not for this resource is wrong, and never sent: whoever gets a token can use
    /// it where it is meant for (MCP *Authorization*, "Access Token Privilege Restriction").
    ///
    /// - Parameters:
    ///   - text: The token.
    ///   - issuers: Whom the resource trusts; none if its metadata names none.
    ///   - audiences: What `aud` must name one of.
    ///   - isLoopback: Whether the token stays on this machine.
    ///   - now: When it is judged.
    /// - Returns: What was found; the token may be sent unless something is wrong.
    package static func findings(
        _ text: TokenText,
        issuers: [ExaminedIssuer],
        audiences: [String],
        isLoopback: Bool,
        now: NumericDate
    ) -> [Finding] {
        let anatomy = TokenAnatomy(text)
        var findings = text.remarks.map { Finding.doubtful(step, "\($0)") }
        let judgement: TokenJudgement
        do {
            let name = anatomy.string("alg", in: .header) ?? ""
            let trusted = try issuers.map { issuer in
                TrustedIssuer(
                    issuer.name,
                    audiences: audiences,
                    keys: try KeySet(making: issuer.keys(for: SignatureAlgorithm(name: name)))
                )
            }
            judgement = try TokenJudgement(of: text.token, anatomy, by: trusted, at: now)
        } catch {
            // Keys were read and issuers compared before; what is said is better than nothing.
            findings.append(.doubtful(step, "it cannot be judged: \(error)"))
            return findings
        }
        if issuers.isEmpty {
            let audience = isLoopback ? nil : misplaced(anatomy, audiences)
            return findings + [audience ?? withoutIssuers(judgement)]
        }
        if let failure = judgement.failures.first {
            findings.append(.wrong(step, "\(failure.subject.rawValue): \(failure.text)", failure))
            return findings
        }
        switch judgement.decision {
        case .accepted(let claims):
            let time = UTCTime(claims.expiresAt).relativeText(to: now)
            findings.append(
                .good(step, "signed by \(claims.issuer), for this resource, expires \(time)")
            )
        case .refused(let rejection):
            findings.append(.wrong(step, "\(rejection)", remedy: "get another token"))
        case .undecided:
            findings.append(.doubtful(step, "the keys of its issuer are not known"))
        }
        return findings
    }

    /// A token for somebody else, which nobody but that one may get.
    private static func misplaced(_ anatomy: TokenAnatomy, _ audiences: [String]) -> Finding? {
        let claim = anatomy.claims?["aud"]
        let names = claim?.string.map { [$0] } ?? claim?.strings ?? []
        guard !names.contains(where: audiences.contains) else { return nil }
        return .wrong(
            step,
            "aud is \(names.map(\.quoted).joined(separator: ", ")), and not \(audiences[0].quoted)",
            remedy: TokenCheck.Subject.audience.remedy
        )
    }

    /// What can be said of a token where nobody tells who issues tokens.
    private static func withoutIssuers(_ judgement: TokenJudgement) -> Finding {
        let apart: [TokenCheck.Subject] = [.form, .time, .subject, .type]
        if let failure = judgement.failures.first(where: { apart.contains($0.subject) }) {
            return .wrong(step, "\(failure.subject.rawValue): \(failure.text)", failure)
        }
        let time = judgement.checks.last { $0.subject == .time }?.text ?? "no exp"
        return .doubtful(
            step,
            "\(time); signature and audience cannot be checked without an authorization server"
        )
    }
}

extension Finding {
    fileprivate static func wrong(_ step: Step, _ text: String, _ check: TokenCheck) -> Finding {
        .wrong(step, text, remedy: check.subject.remedy)
    }
}

extension TokenCheck.Subject {
    fileprivate var remedy: String {
        switch self {
        case .form: "get the token anew, and hand over all of it"
        case .algorithm: "have the authorization server sign with one of the algorithms accepted"
        case .type: "use the access token, not an ID token or another"
        case .issuer:
            "get the token from an authorization server that the metadata of this resource names"
        case .key, .signature: "get a new token, from the authorization server that was asked here"
        case .audience:
            """
            ask the authorization server for a token with this resource (RFC 8707); if this server \
            is configured for another audience, name it with --audience
            """
        case .subject: "have the authorization server name a subject"
        case .claims: "use an access token that has what its type asks for"
        case .time: "get a new token, and compare the clocks"
        }
    }
}
