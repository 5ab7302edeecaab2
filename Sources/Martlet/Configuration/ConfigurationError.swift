public import AccessControl
public import JWT
public import MCP

/// A configuration that cannot be served, found before the first socket is opened.
public enum ConfigurationError: Error, Hashable, Sendable {
    case noAddress
    case noIssuer
    case malformedPublicURL(String)
    case malformedEndpointPath(String)
    case malformedOrigin(String)
    case malformedHost(String)
    case key(KeyError)
    case trust(TrustError)
    case policy(AccessPolicyError)
    case tools(ToolRegistryError)
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noAddress: "no address to listen on"
        case .noIssuer: "no issuer is trusted, so no request could be served"
        case .malformedPublicURL(let text):
            "public URL \"\(text)\" is not http(s)://HOST[:PORT][/PATH] without query or fragment"
        case .malformedEndpointPath(let text):
            "endpoint path \"\(text)\" does not begin with a slash or holds a space, \"?\" or \"#\""
        case .malformedOrigin(let text):
            "allowed origin \"\(text)\" is not SCHEME://HOST[:PORT] or *"
        case .malformedHost(let text): "allowed host \"\(text)\" is not HOST[:PORT]"
        case .key(let error): "\(error)"
        case .trust(let error): "\(error)"
        case .policy(let error): "\(error)"
        case .tools(let error): "\(error)"
        }
    }
}
