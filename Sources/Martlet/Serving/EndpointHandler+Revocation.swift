internal import AccessControl
internal import Libuv

// Who is let in by an API key, and who is let in no longer.
extension EndpointHandler {
    /// What the bearer of a denied token is told.
    static let revocation = "the token has been revoked"

    var apiKeyUse: APIKeyUse { regime.apiKeyAuthenticator == nil ? .ignored : .accepted }

    func authenticate(
        apiKey key: Span<UInt8>
    ) -> Result<Principal, AuthenticationRefusal> {
        guard let authenticator = regime.apiKeyAuthenticator else {
            preconditionFailure("an API key counts only where keys are accepted")
        }
        do throws(APIKeyAuthenticator.Refusal) {
            return .success(
                try authenticator.principal(
                    bearing: key,
                    nowSeconds: WallClock.secondsSinceEpoch()
                )
            )
        } catch .malformed {
            return .failure(AuthenticationRefusal(responses.malformedCredentials))
        } catch {
            if case .refused(let seconds) = endpoint.admitFailure(from: client) {
                let what = "API keys that are not accepted"
                return .failure(
                    AuthenticationRefusal(
                        responses.tooMany(what, retryAfterSeconds: seconds, .tooManyFailures)
                    )
                )
            }
            return .failure(
                AuthenticationRefusal(regime.invalidToken(error.challengeDescription))
            )
        }
    }

    /// What refuses a request whose bearer was let in with its head and lost that before its body
    /// came: otherwise a body that is sent slowly enough would outlive its token.
    func refusalSinceHead(of principal: Principal) -> ConstantResponse? {
        let lists = endpoint.accessLists
        guard lists.generation != accessGeneration,
            lists.refuses(principal, nowSeconds: WallClock.secondsSinceEpoch())
        else { return nil }
        return regime.invalidToken(Self.revocation)
    }
}
