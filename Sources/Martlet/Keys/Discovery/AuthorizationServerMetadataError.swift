package import HTTPClient
package import JSON

/// Why a document is not the metadata of the authorization server that was asked about.
package enum AuthorizationServerMetadataError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    /// A member stands twice, and two readers could see two servers.
    case repeatedMember
    case missing(AuthorizationServerMember)
    /// The member is of another type than the standard says.
    case malformed(AuthorizationServerMember)
    /// It says that it is about another issuer.
    case otherIssuer(found: String)
    /// The key set is where nobody may ask.
    case keySetURL(HTTPClientError)
    /// The issuer is https, and its key set is not.
    case keySetOutsideTLS(HTTPClientURL)
}

extension AuthorizationServerMetadataError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notJSON(let error): "not authorization server metadata: \(error)"
        case .repeatedMember: "a member stands twice"
        case .missing(let member): "\(member.rawValue) is missing"
        case .malformed(let member):
            member.isList
                ? "\(member.rawValue) is not an array of strings"
                : "\(member.rawValue) is not a string"
        case .otherIssuer(let found):
            """
            the document is about issuer \(found); configure exactly that one if it is the one meant, \
            with or without the slash at its end
            """
        case .keySetURL(let error): "jwks_uri: \(error)"
        case .keySetOutsideTLS(let url):
            "jwks_uri is \(url), and the keys of an https issuer must be at https, too"
        }
    }
}
