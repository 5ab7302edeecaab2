public import AccessControl
public import HTTPClient
public import JWT
public import Libuv
public import MCP

/// A configuration that cannot be served, found before the first socket is opened.
public enum ConfigurationError: Error, Hashable, Sendable {
    case noAddress
    case noIssuer
    /// Others than this machine could connect, and nobody would be asked for credentials.
    case anonymousBeyondLoopback(SocketAddress)
    /// Any web page that this machine's user visits could use the server.
    case anonymousForEveryOrigin
    /// The name that stands for this server's API keys.
    case reservedIssuer(String)
    case malformedPublicURL(String)
    case malformedEndpointPath(String)
    case malformedOrigin(String)
    case malformedHost(String)
    case key(KeyError)
    /// The issuer's keys cannot be asked for where they are said to be.
    case keySource(issuer: String, HTTPClientError)
    /// What an issuer's scope goes by is no scope that the policy knows.
    case unknownScope(issuer: String, scope: String, name: String)
    case trust(TrustError)
    /// A server that runs was told of other issuers whose keys are fetched.
    case fetchedKeysChanged
    case policy(PolicyMistakes)
    /// The one that is to be tried out.
    case shadowPolicy(PolicyMistakes)
    case tools(FeatureRegistryError)
    /// There is no such tool to be limited.
    case unknownToolLimit(String)
    case accessFile(AccessFileError)
    /// Nothing can be sent to the collector there.
    case collector(HTTPClientError)
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noAddress: "no address to listen on"
        case .noIssuer: "no issuer is trusted, so no request could be served"
        case .anonymousBeyondLoopback(let address):
            "anonymous access at \(address) would be anybody's; listen on loopback or trust an issuer"
        case .anonymousForEveryOrigin:
            "anonymous access with allowed origin * would be every web page's; name the origins"
        case .reservedIssuer(let name):
            "issuer \(name) cannot be trusted with tokens: its name stands for API keys"
        case .malformedPublicURL(let text):
            "public URL \"\(text)\" is not http(s)://HOST[:PORT][/PATH] without query or fragment"
        case .malformedEndpointPath(let text):
            "endpoint path \"\(text)\" does not begin with a slash or holds a space, \"?\" or \"#\""
        case .malformedOrigin(let text):
            "allowed origin \"\(text)\" is not SCHEME://HOST[:PORT] or *"
        case .malformedHost(let text): "allowed host \"\(text)\" is not HOST[:PORT]"
        case .key(let error): "\(error)"
        case .keySource(let issuer, let error): "the keys of \(issuer): \(error)"
        case .unknownScope(let issuer, let scope, let name):
            """
            scope \"\(scope)\" of issuer \(issuer) goes by the name \"\(name)\", which permits \
            nothing under the policy; correct the name
            """
        case .trust(let error): "\(error)"
        case .fetchedKeysChanged:
            "issuers whose keys are fetched have changed, which takes a restart"
        case .policy(let error): "the policy is mistaken: \(error)"
        case .shadowPolicy(let error): "the shadow policy is mistaken: \(error)"
        case .tools(let error): "\(error)"
        case .unknownToolLimit(let name):
            "tool \"\(name)\" cannot be limited: there is no such tool"
        case .accessFile(let error): "\(error)"
        case .collector(let error): "the collector: \(error)"
        }
    }
}
