/// What a server says to a client that has no token yet (RFC 6750 §3, RFC 9728 §5.1, MCP
/// *Authorization*, "Protected Resource Metadata Discovery").
package enum ChallengeStep {
    private static let step = Finding.Step.challenge

    /// - Parameters:
    ///   - answer: The answer to a request without credentials.
    ///   - url: Where the request went.
    /// - Returns: What was found, and where the metadata may be, best first; nowhere if something
    ///   is wrong.
    package static func findings(
        _ answer: Answer,
        _ url: WebAddress
    ) -> (findings: [Finding], metadataURLs: [String]) {
        guard answer.statusCode == 401 else { return ([otherStatus(answer, url)], []) }
        guard let value = answer[.challenge] else {
            return (
                [
                    .wrong(
                        step,
                        "401 without WWW-Authenticate, so no client learns where tokens come from",
                        remedy: """
                            have the server send a Bearer challenge; if it does, have the proxy in \
                            front pass it on
                            """
                    )
                ], []
            )
        }
        guard let challenge = BearerChallenge(value) else {
            return (
                [
                    .wrong(
                        step,
                        "401 with a challenge that is not Bearer",
                        remedy: """
                            something in front of the MCP server asks for credentials of its own: \
                            have it let this URL through
                            """
                    )
                ], []
            )
        }
        var findings: [Finding] = []
        if let error = challenge.error {
            findings.append(
                .doubtful(
                    step,
                    """
                    the challenge to a request without credentials names the error \
                    \(error.quoted), and should name none (RFC 6750 §3.1)
                    """
                )
            )
        }
        let derived = [
            url.wellKnown("oauth-protected-resource"),
            "\(url.origin)/.well-known/oauth-protected-resource",
        ]
        guard let named = challenge.resourceMetadata else {
            findings.append(
                .doubtful(
                    step,
                    """
                    the Bearer challenge has no resource_metadata (RFC 9728 §5.1); clients must \
                    guess \(derived[0])
                    """
                )
            )
            return (findings, derived[0] == derived[1] ? [derived[0]] : derived)
        }
        guard let address = WebAddress(named) else {
            findings.append(
                .wrong(
                    step,
                    "resource_metadata is \(named.quoted), which is no URL",
                    remedy: "set the public URL of the server (--public-url \(url.canonicalText))"
                )
            )
            return (findings, [])
        }
        guard address.isPrivate || !url.isPrivate else {
            findings.append(
                .wrong(
                    step,
                    "resource_metadata is \(named), which is not https",
                    remedy: """
                        set the public URL with https (--public-url \(url.canonicalText)): the \
                        server does not know that a proxy speaks TLS for it
                        """
                )
            )
            return (findings, [])
        }
        if address.isLoopback, !url.isLoopback {
            findings.append(
                .wrong(
                    step,
                    "resource_metadata is \(named), an address of the server's own machine",
                    remedy: "set --public-url \(url.canonicalText)"
                )
            )
            return (findings, [])
        }
        findings.append(.good(step, "401 with a Bearer challenge that names \(named)"))
        return (findings, [named])
    }

    private static func otherStatus(_ answer: Answer, _ url: WebAddress) -> Finding {
        switch answer.statusCode {
        case 200..<300:
            .wrong(
                step,
                "a request without a token is answered with \(answer.statusCode)",
                remedy: """
                    have the server require tokens, or check that this URL is an MCP endpoint and \
                    not a page
                    """
            )
        case 400:
            .wrong(
                step,
                "a request without a token is answered with 400",
                remedy: "have the server look at credentials before anything else of a request"
            )
        case 403:
            .wrong(
                step,
                "a request without a token is answered with 403, and clients wait for 401",
                remedy: """
                    check that no firewall or proxy in front refuses it, and that the server \
                    challenges requests without credentials
                    """
            )
        case 404, 405, 501:
            .wrong(
                step,
                "\(answer.statusCode): no MCP endpoint is at \(url.path.isEmpty ? "/" : url.path)",
                remedy: """
                    check the path (this server's is /mcp unless --endpoint-path says otherwise) \
                    and what the proxy makes of it
                    """
            )
        case 421:
            .wrong(
                step,
                "421: the server does not answer for the host \(url.authority)",
                remedy: "set --public-url \(url.canonicalText), or --allowed-hosts \(url.authority)"
            )
        case 429:
            .wrong(
                step,
                "429: too many requests came from here\(wait(answer))",
                remedy: "wait, then ask again"
            )
        case 502, 503, 504:
            .wrong(
                step,
                "\(answer.statusCode): a proxy answers, and nothing behind it",
                remedy: "check that the server runs, and the address the proxy sends requests to"
            )
        default:
            answer.isRedirect
                ? .wrong(
                    step,
                    "it redirects to \((answer[.location] ?? "nowhere").quoted)",
                    remedy: "use the URL that is meant: clients send no token after a redirect"
                )
                : .wrong(
                    step,
                    "status \(answer.statusCode) in place of 401",
                    remedy: "see the logs of the server"
                )
        }
    }

    private static func wait(_ answer: Answer) -> String {
        answer[.retryAfter].map { " (Retry-After: \($0.prefix(40)))" } ?? ""
    }
}
