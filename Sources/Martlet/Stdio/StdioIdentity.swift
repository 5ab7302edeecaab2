internal import AccessControl
internal import Bytes
internal import JWT
internal import Libuv

/// Who the process acts for, asked again for every request.
///
/// Not `Sendable`: belongs to the loop.
final class StdioIdentity {
    private enum Bearer {
        case local(Principal)
        case token(ByteBuffer, Authenticator)
        case apiKey(ByteBuffer, APIKeyAuthenticator)
    }

    /// How often it is looked whether the keys of issuers have been fetched.
    private static let lookMilliseconds: UInt64 = 50

    private let bearer: Bearer
    private let loop: EventLoop
    private let keys: LoopKeys?
    private let accessLists: LoopAccessLists?
    private let setup: StdioSetup
    private var tickers: [Ticker] = []

    /// Begins to fetch keys and to look at the deny list, where there is need to.
    ///
    /// - Precondition: Called on the loop's thread.
    init(_ setup: StdioSetup, on loop: EventLoop) throws(StdioError) {
        self.setup = setup
        self.loop = loop
        switch setup.credentials {
        case .role(let name):
            bearer = .local(try Self.local(name, setup.policies))
            keys = nil
            accessLists = nil
            return
        case .apiKey(let text):
            let authenticator = APIKeyAuthenticator(policy: setup.policies)
            bearer = .apiKey(ByteBuffer(text), authenticator)
            keys = nil
            // No token comes to be verified.
            accessLists = LoopAccessLists(
                setup.accessContent,
                setup.makeAuthenticator(),
                authenticator
            )
        case .token(let text):
            let token = ByteBuffer(text)
            guard Credentials.isToken(token.span) else { throw .malformedToken }
            let authenticator = setup.makeAuthenticator()
            bearer = .token(token, authenticator)
            accessLists = LoopAccessLists(setup.accessContent, authenticator, nil)
            keys = Self.keys(setup, on: loop, authenticator)
        }
        guard let watch = setup.accessListWatch else { return }
        accessLists?.follow(watch, on: loop, index: 0)
        tickers.append(
            Ticker(on: loop, everyMilliseconds: 1_000) {
                watch.tick(nowSeconds: WallClock.secondsSinceEpoch())
            }
        )
    }

    /// Begins to fetch keys, where some have to be fetched.
    private static func keys(
        _ setup: StdioSetup,
        on loop: EventLoop,
        _ authenticator: Authenticator
    ) -> LoopKeys? {
        guard let distribution = setup.keyDistribution else { return nil }
        let refresh = setup.configuration.keyRefresh
        let keys = LoopKeys(
            setup.remoteIssuers.map(\.issuer),
            refresh,
            on: loop,
            authenticator,
            distribution
        )
        keys.follow(loopIndex: 0)
        KeyKeeper.start(
            setup.remoteIssuers,
            refresh,
            on: loop,
            distribution,
            logger: setup.logger
        )
        return keys
    }

    /// Who acts now.
    func principal(nowSeconds: Int64) throws(StdioError) -> Principal {
        switch bearer {
        case .local(let principal):
            return principal
        case .apiKey(let key, let authenticator):
            do throws(APIKeyAuthenticator.Refusal) {
                return try authenticator.principal(bearing: key.span, nowSeconds: nowSeconds)
            } catch {
                throw .apiKey(error.fault)
            }
        case .token(let token, let authenticator):
            if let known = authenticator.knownPrincipal(
                bearing: token.span,
                nowSeconds: nowSeconds
            ) {
                return known
            }
            do throws(Authenticator.Refusal) {
                return try authenticator.principal(bearing: token.span, nowSeconds: nowSeconds)
            } catch {
                throw switch error {
                case .token(let rejection): .token(rejection)
                case .workspace(let refusal): .workspace(refusal)
                case .revoked: .revokedToken
                }
            }
        }
    }

    /// Waits until every key that has to be fetched is there or cannot be had, which takes no longer
    /// than a fetch may.
    func waitForKeys() async {
        guard let distribution = setup.keyDistribution else { return }
        await withCheckedContinuation { continuation in
            var wasTried = false
            let place = tickers.count
            tickers.append(
                Ticker(on: loop, everyMilliseconds: Self.lookMilliseconds) { [unowned self] in
                    // What was fetched reaches the loop a turn after it is said to be tried.
                    guard wasTried else {
                        wasTried = distribution.isEverySourceTried
                        return
                    }
                    tickers.remove(at: place).close()
                    continuation.resume()
                }
            )
        }
    }

    /// Ends what follows keys and lists on the loop.
    func close() {
        for ticker in tickers { ticker.close() }
        tickers = []
    }

    private static func local(
        _ role: String,
        _ policies: PolicyPair
    ) throws(StdioError) -> Principal {
        let known = policies.policy.document.roles.map(\.name)
        guard known.contains(role) else { throw .unknownRole(role, known: known) }
        func rights(_ policy: AccessPolicy) -> Rights {
            policy.rights(roles: [role], scope: nil, permissions: nil)
        }
        return Principal(
            subject: StdioCredentials.localSubject,
            workspace: .shared,
            rights: rights(policies.policy),
            roles: [role],
            candidate: policies.candidate.map { CandidateRights(rights($0)) }
        )
    }
}

extension APIKeyAuthenticator.Refusal {
    fileprivate var fault: StdioError.APIKeyFault {
        switch self {
        case .malformed, .unknown: .unknown
        case .expired: .expired
        case .denied: .denied
        }
    }
}
