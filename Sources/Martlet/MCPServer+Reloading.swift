public import AccessControl
internal import Libuv
public import TLS

extension MCPServer {
    /// Decides by other keys and another policy from now on, and looks at the deny list and the API
    /// keys at once.
    ///
    /// No connection is closed. A request that is under way ends under what it began with; streams
    /// that listen to changes end in order, so that their clients subscribe again. Issuers may come,
    /// go and change, but those whose keys are fetched stay as they are.
    ///
    /// - Parameters:
    ///   - issuers: Whose tokens are accepted.
    ///   - policy: Who may do what.
    ///   - shadowPolicy: A policy to try out beside it.
    /// - Throws: ``ConfigurationError``: all stays as it was then.
    public func reload(
        issuers: [IssuerConfiguration],
        policy: PolicyDocument,
        shadowPolicy: PolicyDocument?
    ) async throws(ConfigurationError) {
        var next = configuration
        next.issuers = issuers
        next.policy = policy
        next.shadowPolicy = shadowPolicy
        if next.anonymousAccess == nil, issuers.isEmpty { throw .noIssuer }
        guard try Self.remoteIssuers(next) == Self.remoteIssuers(configuration) else {
            throw .fetchedKeysChanged
        }
        let policies = try RegimeMaker.policies(next, regimeMaker.registry)
        let regime = try regimeMaker.make(policies, next)
        let makeLoopRegime = try Self.loopRegimeMaker(next, regimeMaker.publicURL, regime)
        await shared.adopt(makeLoopRegime)
        await lookAtAccessLists(nowSeconds: WallClock.secondsSinceEpoch())
    }

    /// Gives another certificate to connections that begin from now on; those that are open keep
    /// theirs.
    ///
    /// Does nothing if the server does not speak TLS: what it speaks is decided when it is made.
    public func replaceCertificate(with identity: TLSIdentity) {
        identitySlot?.replace(with: identity)
    }

    /// What makes each loop its own side of a regime.
    ///
    /// - Throws: ``ConfigurationError`` if it could not.
    static func loopRegimeMaker(
        _ configuration: ServerConfiguration,
        _ publicURL: PublicURL,
        _ regime: Regime
    ) throws(ConfigurationError) -> @Sendable () -> LoopRegime {
        let make: @Sendable () throws(ConfigurationError) -> LoopRegime = {
            () throws(ConfigurationError) in
            LoopRegime(
                regime,
                try Authenticator(
                    issuers: configuration.issuers,
                    canonicalURL: publicURL,
                    policy: regime.policies,
                    clockSkewSeconds: configuration.clockSkewSeconds
                ),
                configuration.apiKeysPath.map { _ in APIKeyAuthenticator(policy: regime.policies) }
            )
        }
        // Every loop makes its own; that it can be made at all is known before any does.
        _ = try make()
        return {
            do throws(ConfigurationError) {
                return try make()
            } catch {
                preconditionFailure("the same configuration was accepted before: \(error)")
            }
        }
    }
}
