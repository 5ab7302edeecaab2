package import AccessControl
internal import Bytes
package import JSON
package import JWT
internal import MCP

/// Decides as a server with the same configuration would, without a server and without asking
/// anybody for keys.
package struct PolicyTrial: Sendable {
    /// What a token comes to.
    package enum Verdict: Sendable {
        case caller(TrialCaller)
        case rejected(TokenRejection)
        /// The token verifies, and leads to no workspace.
        case withoutWorkspace(WorkspaceRefusal)
    }

    /// What the server's answer would be.
    package struct Answer: Hashable, Sendable {
        package let statusCode: Int

        /// The value of `WWW-Authenticate`, if it would be sent.
        package let challenge: String?

        package init(statusCode: Int, challenge: String?) {
            self.statusCode = statusCode
            self.challenge = challenge
        }
    }

    package let policy: AccessPolicy
    private let policies: PolicyPair
    private let issuers: [IssuerConfiguration]
    private let verifier: TokenVerifier
    private let canonicalURL: PublicURL
    private let challenge: Challenge
    private let clockSkewSeconds: Int

    /// - Parameters:
    ///   - configuration: That of the server.
    ///   - canonicalURI: The canonical URI of its endpoint, which configuration leaves open where
    ///     the system chooses the port.
    ///   - operations: What it has.
    /// - Throws: ``ConfigurationError``
    package init(
        _ configuration: ServerConfiguration,
        canonicalURI: String,
        operations: [OperationDeclaration]
    ) throws(ConfigurationError) {
        policies = try PolicyPair(configuration, for: operations)
        policy = policies.policy
        issuers = configuration.issuers
        clockSkewSeconds = Int(clamping: configuration.clockSkewSeconds)
        guard let url = PublicURL(canonicalURI) else { throw .malformedPublicURL(canonicalURI) }
        canonicalURL = url
        challenge = Challenge(resourceMetadata: url.metadataURL, basicScopes: [])
        var trusted: [TrustedIssuer] = []
        do throws(KeyError) {
            for issuer in issuers {
                trusted.append(try issuer.trustedIssuer(audiences: url.audiences))
            }
        } catch {
            throw .key(error)
        }
        verifier = try Self.verifier(trusted, clockSkewSeconds)
    }

    /// Who bears a token, as the server would find.
    ///
    /// Where keys would have to be fetched the signature stays unchecked, and
    /// ``TrialCaller/isSignatureChecked`` says so; all else is checked.
    package func verdict(
        on token: borrowing Span<UInt8>,
        nowSeconds: Int64
    ) -> Verdict {
        do throws(TokenRejection) {
            let claims = try verifier.verify(token, at: NumericDate(seconds: nowSeconds))
            return try verdict(on: claims, of: copy token, isSignatureChecked: true)
        } catch {
            guard case .keysUnavailable(let issuer) = error else { return .rejected(error) }
            return verdict(onUnsigned: token, of: issuer, nowSeconds: nowSeconds)
        }
    }

    /// The same for claims that nobody has signed, as if one of the issuers had.
    ///
    /// - Parameters:
    ///   - claims: A claims set; what it lacks of issuer, subject, audience and expiry is filled in.
    ///   - nowSeconds: The time of the check.
    /// - Returns: What the claims come to, read as those of their issuer; without `iss`, as those of
    ///   an issuer with the usual names for claims.
    package func verdict(on claims: ClaimsSetBuilder, nowSeconds: Int64) -> Verdict {
        let payload = claims.encoded()
        let named = Self.issuer(in: payload)
        let issuer = issuers.first { $0.issuer == named } ?? Self.ordinaryIssuer(named)
        var complete = claims
        let now = NumericDate(seconds: nowSeconds)
        let audience = issuer.audiences.first ?? canonicalURL.text
        for (name, value) in [
            (ClaimName.issuer, .string(issuer.issuer)), (.subject, .string("somebody")),
            (.audience, .string(audience)), (.expirationTime, .date(now.advanced(bySeconds: 60))),
        ] as [(ClaimName, ClaimsSetBuilder.Value)] where !payload.hasMember(name.text) {
            complete.set(name, to: value)
        }
        return verdict(
            onPayload: complete.encoded().span,
            .jwt,
            of: issuer,
            TrustedIssuer(issuer.issuer, audiences: [audience], keys: nil),
            nowSeconds: nowSeconds
        )
    }

    /// - Parameters:
    ///   - operation: What is asked for.
    ///   - caller: Who asks.
    ///   - arguments: With which arguments; `nil` if they are not known.
    /// - Returns: The decision and what led to it; `nil` if the server does not have the operation.
    package func explain(
        _ operation: ProtectedOperation,
        by caller: TrialCaller,
        arguments: RawJSON?
    ) -> AccessExplanation? {
        var satisfied: ConditionSet?
        if let arguments {
            var all = ConditionSet()
            for index in policy.argumentConditions.indices { all.insert(index) }
            satisfied = policy.conditions(all, satisfiedBy: arguments.span)
        }
        return policy.explain(
            operation,
            roles: caller.claims.roles,
            scope: caller.claims.scope,
            permissions: caller.claims.permissions,
            satisfying: caller.claims.satisfiedConditions(of: policy),
            arguments: satisfied
        )
    }

    /// The answer to a request that is decided so; `nil` if the decision depends on arguments.
    package func answer(to decision: AccessDecision) -> Answer? {
        switch decision {
        case .allowed: Answer(statusCode: 200, challenge: nil)
        case .dependsOnArguments: nil
        case .forbidden: Answer(statusCode: 403, challenge: nil)
        case .insufficientScope(let needed):
            Answer(
                statusCode: 403,
                challenge: challenge.insufficientScope(policy.scope(naming: needed)).text
            )
        }
    }

    /// The answer to a request whose token is rejected.
    package func answer(to rejection: TokenRejection) -> Answer {
        if case .keysUnavailable = rejection { return Answer(statusCode: 503, challenge: nil) }
        return Answer(
            statusCode: 401,
            challenge: challenge.invalidToken(rejection.challengeDescription).text
        )
    }
}

// Claims without the key of their issuer.

extension PolicyTrial {
    /// What a throw-away key signs, so that claims which nobody has signed go the way of all others.
    private static let secret = [UInt8](repeating: 0x2E, count: 32)

    private func verdict(
        onUnsigned token: borrowing Span<UInt8>,
        of name: String,
        nowSeconds: Int64
    ) -> Verdict {
        do throws(TokenRejection) {
            let inspection = try TokenInspection(decoding: token)
            guard let payload = inspection.unverifiedPayload,
                let issuer = issuers.first(where: { $0.issuer == name })
            else { throw .untrustedIssuer }
            let trusted: TrustedIssuer
            do throws(KeyError) {
                trusted = try issuer.trustedIssuer(audiences: canonicalURL.audiences)
            } catch {
                throw .keysUnavailable(issuer: name)
            }
            let isAccessToken = inspection.unverifiedType?.lowercased().hasSuffix("at+jwt")
            return verdict(
                onPayload: payload.span,
                isAccessToken == true ? .accessToken : .jwt,
                of: issuer,
                trusted,
                nowSeconds: nowSeconds
            )
        } catch {
            return .rejected(error)
        }
    }

    private func verdict(
        onPayload payload: borrowing Span<UInt8>,
        _ type: TokenSigner.TokenType,
        of issuer: IssuerConfiguration,
        _ trusted: TrustedIssuer,
        nowSeconds: Int64
    ) -> Verdict {
        do {
            let key = try HMACKey(.hs256, secret: Self.secret.span)
            let verifier = try Self.verifier(
                [
                    TrustedIssuer(
                        trusted.issuer,
                        audiences: trusted.audiences,
                        profile: trusted.profile,
                        keys: KeySet([.hmac(key)])
                    )
                ],
                clockSkewSeconds
            )
            let token = TokenSigner(key: key, type: type).sign(payload: payload)
            do throws(TokenRejection) {
                let claims = try verifier.verify(token.span, at: NumericDate(seconds: nowSeconds))
                return try verdict(
                    on: claims,
                    of: token.span,
                    by: issuer,
                    isSignatureChecked: false
                )
            } catch {
                return .rejected(error)
            }
        } catch {
            // A name that no issuer can have.
            return .rejected(.untrustedIssuer)
        }
    }

    private func verdict(
        on claims: ClaimsSet,
        of token: Span<UInt8>,
        isSignatureChecked: Bool
    ) throws(TokenRejection) -> Verdict {
        guard let issuer = issuers.first(where: { $0.issuer == claims.issuer }) else {
            throw .untrustedIssuer
        }
        return try verdict(
            on: claims,
            of: token,
            by: issuer,
            isSignatureChecked: isSignatureChecked
        )
    }

    private func verdict(
        on claims: ClaimsSet,
        of token: Span<UInt8>,
        by issuer: IssuerConfiguration,
        isSignatureChecked: Bool
    ) throws(TokenRejection) -> Verdict {
        let mapping = ClaimMapping(issuer)
        let subject = Subject(issuer: claims.issuer, name: claims.subject)
        let callerClaims = try CallerClaims(claims, by: mapping, of: token, for: policies)
        do throws(WorkspaceRefusal) {
            return .caller(
                TrialCaller(
                    subject: subject,
                    workspace: try mapping.workspace(in: claims, of: subject),
                    expiresAt: claims.expiresAt,
                    isSignatureChecked: isSignatureChecked,
                    claims: callerClaims
                )
            )
        } catch {
            return .withoutWorkspace(error)
        }
    }

    private static func verifier(
        _ trusted: [TrustedIssuer],
        _ clockSkewSeconds: Int
    ) throws(ConfigurationError) -> TokenVerifier {
        do throws(TrustError) {
            return try TokenVerifier(issuers: trusted, clockSkewSeconds: clockSkewSeconds)
        } catch {
            throw .trust(error)
        }
    }

    private static func issuer(in payload: RawJSON) -> String? {
        payload.string(ofMember: ClaimName.issuer.text)
    }

    /// Claims in their usual places: `role`, `roles`, `scope`, `permissions`.
    private static func ordinaryIssuer(_ name: String?) -> IssuerConfiguration {
        IssuerConfiguration(name ?? "somewhere", keys: .keys([]), workspace: .shared)
    }
}

extension RawJSON {
    fileprivate func hasMember(_ name: String) -> Bool {
        value(ofMember: name) { _ in true } ?? false
    }

    fileprivate func string(ofMember name: String) -> String? {
        value(ofMember: name) { reader throws(JSONError) in
            guard try reader.peek() == .string else { return nil }
            let string = try reader.readString()
            return reader.text(of: string)
        }
    }

    private func value<Value>(
        ofMember name: String,
        _ read: (inout JSONReader) throws(JSONError) -> Value?
    ) -> Value? {
        var reader = JSONReader(span)
        do throws(JSONError) {
            guard try reader.peek() == .object else { return nil }
            try reader.beginObject()
            while let member = try reader.nextMember() {
                if reader.equals(member, name) { return try read(&reader) }
            }
            return nil
        } catch {
            return nil
        }
    }
}
