internal import AccessControl
internal import JWT
internal import MCP

/// One loop's side of a regime: who is let in under it, and what it has refused before.
///
/// Not `Sendable`: lives on the loop's thread.
final class LoopRegime {
    // Stored here again: what is computed is copied for each use, with all that it refers to.
    let dispatcher: Dispatcher
    let responses: Responses
    let anonymousPrincipal: Principal?
    let authenticator: Authenticator

    /// `nil` where API keys are switched off.
    let apiKeyAuthenticator: APIKeyAuthenticator?

    private let regime: Regime

    // Refusals that were needed before: there are only so many different ones, and an attacker
    // shall not have them encoded again and again.
    private let invalidSignature: ConstantResponse
    private var invalidTokenResponses: [String: ConstantResponse] = [:]
    private var noCredentialsResponses: [PermissionSet: ConstantResponse] = [:]
    private var insufficientScopeResponses: [PermissionSet: ConstantResponse] = [:]
    private var keysUnavailableResponses: [Int: ConstantResponse] = [:]

    init(
        _ regime: Regime,
        _ authenticator: Authenticator,
        _ apiKeyAuthenticator: APIKeyAuthenticator?
    ) {
        self.regime = regime
        self.authenticator = authenticator
        self.apiKeyAuthenticator = apiKeyAuthenticator
        dispatcher = regime.dispatcher
        responses = regime.responses
        anonymousPrincipal = regime.anonymousPrincipal
        invalidSignature = regime.responses.invalidToken(
            TokenRejection.invalidSignature.challengeDescription
        )
    }

    /// 401: who asks must say who it is, and had best ask for what its call needs at once.
    ///
    /// A client that gets a token for basic use first meets a second challenge with the same call,
    /// and some give up there.
    func noCredentials(for fields: borrowing MirroredFields) -> ConstantResponse {
        guard fields.era == .modern, let needed = dispatcher.permissionsNamed(by: fields)
        else { return responses.noCredentials }
        if let response = noCredentialsResponses[needed] { return response }
        let names = regime.policy.permissions(in: needed).map(\.name)
        let response = responses.noCredentials(needing: names)
        noCredentialsResponses[needed] = response
        return response
    }

    /// 401: the token was looked at and not believed.
    func invalidToken(_ rejection: TokenRejection) -> ConstantResponse {
        // What a flood of forged tokens is answered with is not looked for in a table.
        if case .invalidSignature = rejection { return invalidSignature }
        return invalidToken(rejection.challengeDescription)
    }

    /// 401 for a reason of which there are only so many.
    func invalidToken(_ reason: String) -> ConstantResponse {
        if let response = invalidTokenResponses[reason] { return response }
        let response = responses.invalidToken(reason)
        invalidTokenResponses[reason] = response
        return response
    }

    /// 403: a wider scope would help.
    func insufficientScope(_ needed: PermissionSet) -> ConstantResponse {
        if let response = insufficientScopeResponses[needed] { return response }
        let scope = regime.policy.scope(naming: needed)
        let response = responses.insufficientScope(scope)
        insufficientScopeResponses[needed] = response
        return response
    }

    /// 503: whether the token is to be believed cannot be told.
    ///
    /// There are as many different ones as the longest wait has seconds, which may be a day; those
    /// of a minute are kept.
    func keysUnavailable(retryAfterSeconds seconds: Int) -> ConstantResponse {
        if let response = keysUnavailableResponses[seconds] { return response }
        if keysUnavailableResponses.count >= 60 { keysUnavailableResponses = [:] }
        let response = responses.keysUnavailable(retryAfterSeconds: seconds)
        keysUnavailableResponses[seconds] = response
        return response
    }
}
