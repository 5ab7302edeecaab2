/// Why a request has no answer.
///
/// An answer with a status that is not 2xx is an answer.
public struct HTTPClientError: Error, Hashable, Sendable {
    public enum Reason: Error, Hashable, Sendable {
        // The URL, before anything is sent.
        case malformedURL
        case credentialsInURL
        /// Neither https, nor http to this machine.
        case insecureURL
        /// A field of the request holds a line break, or its name is none.
        case malformedField

        // What the server does.
        /// A redirect to where no request may go, or from https to http.
        case redirectRefused(to: String)
        case tooManyRedirects(countMax: Int)
        case headTooLong(byteCountMax: Int)
        case bodyTooLong(byteCountMax: Int)
        case malformedResponse(text: String)

        // The way to it.
        case cannotResolve
        case cannotConnect(text: String)
        /// The server's certificate is not one to be trusted.
        case untrustedCertificate(text: String)
        case tls(text: String)
        /// The connection ended before the answer did.
        case connectionLost(text: String)
        case timedOut(totalSeconds: Int, connectSeconds: Int)

        // This side.
        /// The file of certificates to trust cannot be read.
        case unusableCAFile(path: String)
        case tooManyTransfers(waitingCountMax: Int)
        /// The task that asked was cancelled.
        case cancelled
        /// The client was closed.
        case closed
        /// Something else went wrong in libcurl, in its own words.
        case libcurl(text: String)
    }

    public let reason: Reason

    /// The URL that was asked for, without query and credentials.
    public let url: String

    public init(_ reason: Reason, url: String) {
        self.reason = reason
        self.url = url
    }
}

extension HTTPClientError: CustomStringConvertible {
    public var description: String { "cannot fetch \(url): \(reason)" }
}

extension HTTPClientError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedURL:
            """
            not https://HOST[:PORT][/PATH][?QUERY] in ASCII, of \(HTTPClientURL.byteCountMax) bytes \
            at most and without a fragment
            """
        case .credentialsInURL: "the URL holds a user name or password; remove it"
        case .insecureURL:
            "http is accepted for 127.0.0.0/8, [::1] and localhost only; use https"
        case .malformedField:
            "a field of the request holds a control character, or its name is none"
        case .redirectRefused(let target):
            """
            redirects to \(target), which is not https as the URL itself must be; name the final \
            URL in the configuration
            """
        case .tooManyRedirects(let countMax):
            "more than \(countMax) redirects; name the final URL in the configuration"
        case .headTooLong(let byteCountMax):
            "field section of the response is longer than \(byteCountMax) bytes"
        case .bodyTooLong(let byteCountMax):
            "body of the response is longer than \(byteCountMax) bytes"
        case .malformedResponse(let text): "response is not HTTP/1.1: \(text)"
        case .cannotResolve: "host name cannot be resolved; check it, and the machine's DNS"
        case .cannotConnect(let text): "\(text); check that the server runs and can be reached"
        case .untrustedCertificate(let text):
            """
            \(text); if the certificate is of a private authority, name the file of that \
            authority's certificate in the configuration
            """
        case .tls(let text): "TLS cannot be spoken with the server: \(text)"
        case .connectionLost(let text): "connection ended before the answer did: \(text)"
        case .timedOut(let totalSeconds, let connectSeconds):
            """
            no connection within \(connectSeconds) s, or no complete answer within \
            \(totalSeconds) s; check that the server can be reached
            """
        case .unusableCAFile(let path):
            "file of certificates \(path) cannot be used; it must be readable, and PEM"
        case .tooManyTransfers(let waitingCountMax):
            "\(waitingCountMax) requests wait for others already; try later"
        case .cancelled: "cancelled"
        case .closed: "the client is closed"
        case .libcurl(let text): "libcurl: \(text)"
        }
    }
}

extension HTTPClientError {
    /// A URL as it may be shown: without query, fragment and credentials, and not at any length.
    static func presentable(_ text: String) -> String {
        let visible = text.prefix { $0 != "?" && $0 != "#" }
        var shown = String(visible.prefix(200))
        if shown.count < visible.count { shown += "…" }
        if let at = shown.lastIndex(of: "@") {
            let start = shown.firstRange(of: "://")?.upperBound ?? shown.startIndex
            if start < at { shown.replaceSubrange(start..<at, with: "…") }
        } else if visible.contains("@") {
            return "a URL with credentials"
        }
        return String(
            String.UnicodeScalarView(
                shown.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
            )
        )
    }
}
