import JWT

/// Whether a server that trusts certain issuers believes a token, and every reason for it.
package struct TokenJudgement: Sendable {
    package enum Decision: Sendable {
        case accepted(ClaimsSet)
        case refused(TokenRejection)
        /// The issuer's keys are not known here.
        case undecided
    }

    package let decision: Decision
    package let checks: [TokenCheck]

    /// - Parameters:
    ///   - token: Without what stood around it.
    ///   - anatomy: The same, taken apart.
    ///   - issuers: Whom the server trusts, and for which audiences; one whose keys are not known
    ///     here has none.
    ///   - clockSkewSeconds: As the server is told.
    ///   - now: When the token is judged.
    /// - Throws: ``TrustError`` if no server could trust these issuers.
    package init(
        of token: String,
        _ anatomy: TokenAnatomy,
        by issuers: [TrustedIssuer],
        clockSkewSeconds: Int = TokenVerifier.clockSkewSecondsDefault,
        at now: NumericDate
    ) throws(TrustError) {
        let verifier = try TokenVerifier(issuers: issuers, clockSkewSeconds: clockSkewSeconds)
        let bytes = Array(token.utf8)
        do throws(TokenRejection) {
            decision = .accepted(try verifier.verify(bytes.span, at: now))
        } catch {
            if case .keysUnavailable = error {
                decision = .undecided
            } else {
                decision = .refused(error)
            }
        }
        var checks = TokenChecks(
            anatomy,
            issuers: issuers,
            clockSkewSeconds: Int64(clockSkewSeconds),
            now: now
        )
        checks.run(bytes)
        let hasFailed = checks.list.contains { $0.outcome == .failed }
        // What decides is the verifier, which may know of more than the checks do.
        if case .refused(let rejection) = decision, !hasFailed {
            self.checks = checks.list + [TokenCheck(.claims, .failed, "\(rejection)")]
        } else {
            self.checks = checks.list
        }
    }

    /// The checks that went wrong.
    package var failures: [TokenCheck] { checks.filter { $0.outcome == .failed } }
}
