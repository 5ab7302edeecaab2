public import AccessControl
public import JWT

/// For whom a process acts that is spoken to over standard input: one caller from start to end.
public enum StdioCredentials: Sendable {
    /// The bearer of a token, which is verified as one in a request is: when the process starts,
    /// and again for everything that is asked.
    case token(String)

    /// The bearer of an API key, which is looked up as one in a request is, whenever a token would
    /// be verified.
    case apiKey(String)

    /// Somebody on this machine in one of the policy's roles, without any proof: whoever can start
    /// the process can read what it keeps anyway.
    case role(String)

    /// Who acts in a role that no token gave.
    public static let localSubject = Subject(issuer: "martlet-stdio", name: "local")
}

/// Why a process may not act for anybody, or may no longer.
public enum StdioError: Error, Hashable, Sendable {
    /// The policy has no such role.
    case unknownRole(String, known: [String])
    /// What was given holds bytes that no token has.
    case malformedToken
    case token(TokenRejection)
    case workspace(WorkspaceRefusal)
    /// The token verifies, and the deny list names it.
    case revokedToken
    /// The configuration names no file of API keys.
    case noAPIKeys
    case apiKey(APIKeyFault)

    /// What is wrong with an API key.
    public enum APIKeyFault: String, Hashable, Sendable {
        /// Never made, revoked, or with another secret.
        case unknown = "the API key is not known"
        case expired = "the API key has expired"
        /// The deny list names it.
        case denied = "the API key has been revoked"
    }
}

extension StdioError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownRole(let name, let known):
            """
            the policy has no role \(name.debugDescription); it has \
            \(known.joined(separator: ", "))
            """
        case .malformedToken: "the token holds characters that no token has"
        case .token(let rejection): "the token is refused: \(rejection)"
        case .workspace(let refusal): "the token is refused: \(refusal)"
        case .revokedToken: "the token is refused: the deny list names it"
        case .noAPIKeys: "there is an API key, and no file of API keys to look it up in"
        case .apiKey(let fault): fault.rawValue
        }
    }

    /// For the client, which learns nothing of keys and configuration.
    var clientDescription: String {
        switch self {
        case .unknownRole, .malformedToken, .noAPIKeys: "the process acts for nobody"
        case .token(let rejection): rejection.challengeDescription
        case .workspace(let refusal): "\(refusal)"
        case .revokedToken: "the token has been revoked"
        case .apiKey(let fault): fault.rawValue
        }
    }
}
