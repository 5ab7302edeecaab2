/// What a server answered.
package struct Answer: Hashable, Sendable {
    /// The fields that are looked at.
    package enum Field: String, CaseIterable, Sendable {
        case challenge = "WWW-Authenticate"
        case contentType = "Content-Type"
        case location = "Location"
        case allowedOrigin = "Access-Control-Allow-Origin"
        case sessionID = "Mcp-Session-Id"
        case retryAfter = "Retry-After"
    }

    package let statusCode: Int
    package let fields: [Field: String]
    package let body: [UInt8]

    package init(_ statusCode: Int, _ fields: [Field: String] = [:], body: [UInt8] = []) {
        self.statusCode = statusCode
        self.fields = fields
        self.body = body
    }

    package subscript(field: Field) -> String? { fields[field] }

    package var isRedirect: Bool { [301, 302, 303, 307, 308].contains(statusCode) }

    /// The media type without its parameters.
    package var mediaType: String {
        let type = (fields[.contentType] ?? "").prefix { $0 != ";" }
        return type.filter { !$0.isWhitespace }.lowercased()
    }
}

/// What is asked of a server.
package struct Question: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// A document, asked for as a page of another origin would.
        case get
        /// A JSON-RPC message.
        case post(body: String, fields: [String: String])
    }

    package let url: String
    package let content: Content

    /// Whether the token goes with it; never beyond the URL that is examined.
    package let bearsToken: Bool

    package init(_ url: String, _ content: Content = .get, bearsToken: Bool = false) {
        self.url = url
        self.content = content
        self.bearsToken = bearsToken
    }
}

/// Why there is no answer.
package enum NoAnswer: Error, Hashable, Sendable {
    /// Neither https nor loopback, or no URL at all.
    case unsafeURL(String)
    case unknownHost(reason: String)
    case unreachable(reason: String)
    case untrusted(reason: String)
    case noTLS(reason: String)
    case timedOut(reason: String)
    case redirected(reason: String)
    case tooLong(reason: String)
    /// What came was no HTTP, or ended too early.
    case broken(reason: String)
}

extension NoAnswer: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsafeURL(let url):
            "\(url.quoted) is not https, and not on this machine"
        case .unknownHost(let reason), .unreachable(let reason), .untrusted(let reason),
            .noTLS(let reason), .timedOut(let reason), .redirected(let reason),
            .tooLong(let reason), .broken(let reason):
            reason
        }
    }

    package var remedy: String {
        switch self {
        case .unsafeURL:
            "use https: whoever is on the way could read tokens or exchange keys"
        case .unknownHost:
            "check the host in the URL, and that DNS knows it"
        case .unreachable:
            "check that the server runs and listens there, the port, and firewalls"
        case .untrusted:
            "check the certificate: its name, its dates, and that the server sends the whole chain"
        case .noTLS:
            "check that the port is one where TLS is spoken, with TLS 1.2 or newer"
        case .timedOut:
            "check firewalls and that whatever is behind the proxy answers"
        case .redirected:
            "name the URL that answers in place of the one that redirects"
        case .tooLong, .broken:
            "check that it is an HTTP server, and the right port and scheme"
        }
    }
}
