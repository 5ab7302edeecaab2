import JSON

/// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0).
package enum IssuerStep {
    private static let step = Finding.Step.issuer

    /// Where the metadata may be, in the order in which clients of MCP ask (MCP *Authorization*,
    /// "Authorization Server Metadata Discovery").
    ///
    /// - Returns: `nil` if the issuer is no URL from which it could be had.
    package static func metadataURLs(of issuer: String) -> [String]? {
        guard let address = WebAddress(issuer), address.query.isEmpty else { return nil }
        let oauth = address.wellKnown("oauth-authorization-server")
        let openID = address.wellKnown("openid-configuration")
        guard address.path != "", address.path != "/" else { return [oauth, openID] }
        var path = address.path[...]
        while path.last == "/" { path.removeLast() }
        return [oauth, openID, "\(address.origin)\(path)/.well-known/openid-configuration"]
    }

    /// - Parameters:
    ///   - answer: The first answer with status 200.
    ///   - source: Where it came from.
    ///   - issuer: What `authorization_servers` says.
    /// - Returns: What was found, and the URL of the key set; `nil` if something is wrong.
    package static func findings(
        _ answer: Answer,
        from source: String,
        issuer: String
    ) -> (findings: [Finding], keySetURL: String?) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: answer.body)
        } catch {
            return (
                [
                    .wrong(
                        step,
                        "\(source) is not JSON: \(error)",
                        remedy: "have the authorization server serve its metadata there"
                    )
                ], nil
            )
        }
        for check in [checkIssuer, checkFlow, checkKeySetURL] {
            if let fault = check(document, source, issuer) { return ([fault], nil) }
        }
        guard let keySetURL = document["jwks_uri"]?.string else { return ([], nil) }
        return (
            doubts(document) + [.good(step, "\(issuer) describes itself at \(source)")], keySetURL
        )
    }

    /// None of the places has the metadata.
    package static func missing(_ statuses: [(url: String, statusCode: Int)]) -> Finding {
        let tried = statuses.map { "\($0.url) (\($0.statusCode))" }.joined(separator: ", ")
        return .wrong(
            step,
            "no metadata at \(tried)",
            remedy: """
                check the issuer's spelling in the server's configuration, to the byte, and that \
                the authorization server serves its metadata (RFC 8414 §3)
                """
        )
    }

    /// The issuer is nothing that could be asked.
    package static func unusable(_ issuer: String) -> Finding {
        .wrong(
            step,
            "authorization_servers names \(issuer.quoted), which is no URL of an issuer",
            remedy: "name the issuer as its metadata does: https, without query and fragment"
        )
    }

    /// Whose metadata it is.
    ///
    /// "If these values are not identical, the data contained in the response MUST NOT be used."
    /// (RFC 8414 §3.3)
    private static func checkIssuer(
        _ document: JSONValue,
        _ source: String,
        _ issuer: String
    ) -> Finding? {
        guard let found = document["issuer"]?.string else {
            return .wrong(
                step,
                "\(source) has no member \"issuer\"",
                remedy: "have the authorization server name itself there (RFC 8414 §2)"
            )
        }
        guard !found.utf8.elementsEqual(issuer.utf8) else { return nil }
        let isSlash = found.withoutSlash == issuer.withoutSlash
        return .wrong(
            step,
            "\(source) is about the issuer \(found.quoted), and not \(issuer.quoted)",
            remedy: isSlash
                ? "they differ by a slash at the end: configure the issuer as its metadata spells it"
                : "configure the issuer as its metadata spells it, or ask the right server"
        )
    }

    /// The authorization code flow with PKCE, which clients of MCP use and no other.
    private static func checkFlow(
        _ document: JSONValue,
        _ source: String,
        _ issuer: String
    ) -> Finding? {
        for name in ["authorization_endpoint", "token_endpoint"] {
            guard let text = document[name]?.string else {
                return .wrong(
                    step,
                    "\(source) has no \(name)",
                    remedy: "clients cannot get a token there: enable the authorization code flow"
                )
            }
            guard let address = WebAddress(text), address.isPrivate else {
                return .wrong(
                    step,
                    "\(name) is \(text.quoted), which is no https URL",
                    remedy: "have the authorization server know its public https URL"
                )
            }
        }
        guard let methods = document["code_challenge_methods_supported"]?.strings else {
            return .wrong(
                step,
                "\(source) has no code_challenge_methods_supported, so clients of MCP refuse it",
                remedy: "enable PKCE with S256 in the authorization server, and have it say so"
            )
        }
        guard methods.contains("S256") else {
            return .wrong(
                step,
                "code_challenge_methods_supported lacks S256",
                remedy: "enable PKCE with S256 in the authorization server"
            )
        }
        return nil
    }

    private static func checkKeySetURL(
        _ document: JSONValue,
        _ source: String,
        _ issuer: String
    ) -> Finding? {
        guard let text = document["jwks_uri"]?.string else {
            return .wrong(
                step,
                "\(source) has no jwks_uri, so no server can check its signatures",
                remedy: "have the authorization server publish its key set, and sign JWTs"
            )
        }
        guard let address = WebAddress(text), address.isPrivate else {
            return .wrong(
                step,
                "jwks_uri is \(text.quoted), which is no https URL",
                remedy: "have the authorization server know its public https URL"
            )
        }
        // This server fetches no keys so, either.
        guard address.scheme == "https" || WebAddress(issuer)?.scheme != "https" else {
            return .wrong(
                step,
                "jwks_uri is \(text.quoted), and the keys of an https issuer must be at https, too",
                remedy: "have the authorization server know its public https URL"
            )
        }
        return nil
    }

    private static func doubts(_ document: JSONValue) -> [Finding] {
        var doubts: [Finding] = []
        let hasRegistration = document["registration_endpoint"]?.string != nil
        let takesDocuments = document["client_id_metadata_document_supported"]?.bool == true
        if !hasRegistration, !takesDocuments {
            doubts.append(
                .doubtful(
                    step,
                    """
                    neither a registration endpoint nor client ID metadata documents: every client \
                    must be registered there by hand
                    """
                )
            )
        }
        if let types = document["response_types_supported"]?.strings, !types.contains("code") {
            doubts.append(.doubtful(step, "response_types_supported lacks \"code\""))
        }
        if let types = document["grant_types_supported"]?.strings,
            !types.contains("authorization_code")
        {
            doubts.append(.doubtful(step, "grant_types_supported lacks \"authorization_code\""))
        }
        return doubts
    }
}

extension String {
    fileprivate var withoutSlash: Substring { hasSuffix("/") ? dropLast() : self[...] }
}
