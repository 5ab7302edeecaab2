internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// Who asks.
extension EndpointHandler {
    func authenticate(
        _ credentials: Credentials,
        _ bytes: Span<UInt8>
    ) -> Result<Principal, AuthenticationRefusal> {
        switch credentials {
        case .none: .failure(AuthenticationRefusal(regime.noCredentials(for: fields)))
        case .malformed: .failure(AuthenticationRefusal(responses.malformedCredentials))
        case .bearer(let token): authenticate(token: bytes.extracting(token))
        case .apiKey(let key): authenticate(apiKey: bytes.extracting(key))
        }
    }

    func authenticate(
        token: Span<UInt8>
    ) -> Result<Principal, AuthenticationRefusal> {
        let now = WallClock.secondsSinceEpoch()
        let authenticator = regime.authenticator
        let known = authenticator.knownPrincipal(bearing: token, nowSeconds: now)
        endpoint.observer?.didSeeToken(isKnown: known != nil)
        if let known { return .success(known) }
        do throws(Authenticator.Refusal) {
            return .success(try authenticator.principal(bearing: token, nowSeconds: now))
        } catch {
            let refusal: ConstantResponse
            switch error {
            // The token verifies, so another one from the same place would not help.
            case .workspace: return .failure(AuthenticationRefusal(responses.noWorkspace))
            case .revoked: refusal = regime.invalidToken(Self.revocation)
            case .token(let rejection):
                // Looked at only now: what verifies is a token, whatever else is one.
                if rejection.isOfSerialization, !Credentials.isToken(token) {
                    return .failure(AuthenticationRefusal(responses.malformedCredentials))
                }
                switch endpoint.keys?.answer(to: rejection) ?? .refuse {
                case .refuse: refusal = regime.invalidToken(rejection)
                // Neither is the token's fault, so it counts for no failure of its sender.
                case .wait(let missing): return .failure(.missingKey(missing))
                case .unavailable(let seconds):
                    return .failure(
                        AuthenticationRefusal(regime.keysUnavailable(retryAfterSeconds: seconds))
                    )
                }
            }
            if case .refused(let seconds) = endpoint.admitFailure(from: client) {
                let what = "tokens that do not verify"
                return .failure(
                    AuthenticationRefusal(
                        responses.tooMany(what, retryAfterSeconds: seconds, .tooManyFailures)
                    )
                )
            }
            return .failure(AuthenticationRefusal(refusal))
        }
    }
}

/// Why a request is not let in, at least not yet.
enum AuthenticationRefusal: Error {
    /// A refusal as the response that says it.
    case response(ConstantResponse)
    /// Its token cannot be judged before a key that is being fetched is there.
    case missingKey(LoopKeys.MissingKey)

    init(_ response: ConstantResponse) {
        self = .response(response)
    }
}
