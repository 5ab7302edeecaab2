import JSON

/// What the protected resource says of itself (RFC 9728 §2, §3).
package enum MetadataStep {
    private static let step = Finding.Step.metadata

    /// - Parameters:
    ///   - answer: The answer to a request for the metadata.
    ///   - source: Where it came from.
    ///   - url: The resource as the client knows it.
    /// - Returns: What was found, and the authorization servers; `nil` if something is wrong.
    package static func findings(
        _ answer: Answer,
        from source: String,
        _ url: WebAddress
    ) -> (findings: [Finding], authorizationServers: [String]?) {
        var findings: [Finding] = []
        guard let document = document(answer, source, &findings) else { return (findings, nil) }
        guard let resource = document["resource"]?.string else {
            findings.append(
                .wrong(
                    step,
                    "\(source) has no member \"resource\"",
                    remedy: "have it name \(url.canonicalText) (RFC 9728 §2)"
                )
            )
            return (findings, nil)
        }
        guard compare(resource, with: url, &findings) else { return (findings, nil) }
        checkUse(document, answer, &findings)
        guard let servers = document["authorization_servers"] else {
            findings.append(
                .doubtful(
                    step,
                    """
                    no authorization_servers: clients cannot get a token by themselves, so \
                    somebody must hand out tokens
                    """
                )
            )
            return (findings, [])
        }
        guard let names = servers.strings, !names.isEmpty else {
            findings.append(
                .wrong(
                    step,
                    "authorization_servers is no list of URLs",
                    remedy: "name the issuers of tokens there, or leave it out (RFC 9728 §2)"
                )
            )
            return (findings, nil)
        }
        findings.append(
            .good(
                step,
                "\(resource) trusts \(names.map { "\($0)" }.joined(separator: ", "))"
            )
        )
        return (findings, names)
    }

    private static func document(
        _ answer: Answer,
        _ source: String,
        _ findings: inout [Finding]
    ) -> JSONValue? {
        let remedy = """
            serve it there: the well-known path goes between host and path (RFC 9728 §3.1), and \
            the proxy must pass it on
            """
        guard answer.statusCode == 200 else {
            findings.append(
                .wrong(step, "status \(answer.statusCode) at \(source)", remedy: remedy)
            )
            return nil
        }
        do throws(JSONError) {
            let value = try JSONValue(parsing: answer.body)
            guard case .object = value else {
                findings.append(.wrong(step, "\(source) is no JSON object", remedy: remedy))
                return nil
            }
            return value
        } catch {
            findings.append(.wrong(step, "\(source) is not JSON: \(error)", remedy: remedy))
            return nil
        }
    }

    /// Whose metadata it is.
    ///
    /// "If these values are not identical, the data contained in the response MUST NOT be used."
    /// (RFC 9728 §3.3)
    private static func compare(
        _ resource: String,
        with url: WebAddress,
        _ findings: inout [Finding]
    ) -> Bool {
        if resource == url.canonicalText { return true }
        if let address = WebAddress(resource), address.canonicalText == url.canonicalText {
            findings.append(
                .doubtful(
                    step,
                    """
                    resource is \(resource), and this URL is \(url.text): the same to most \
                    clients, but use one spelling
                    """
                )
            )
            return true
        }
        findings.append(
            .wrong(
                step,
                "resource is \(resource.quoted), and clients use \(url.canonicalText)",
                remedy: """
                    set --public-url to the URL that clients use, or use that of the metadata
                    """
            )
        )
        return false
    }

    private static func checkUse(
        _ document: JSONValue,
        _ answer: Answer,
        _ findings: inout [Finding]
    ) {
        if answer.mediaType != "application/json" {
            findings.append(
                .doubtful(step, "its media type is not application/json (RFC 9728 §3.2)")
            )
        }
        if answer[.allowedOrigin] != "*" {
            findings.append(
                .doubtful(
                    step,
                    """
                    clients in web pages cannot read it: Access-Control-Allow-Origin is not "*"
                    """
                )
            )
        }
        if let methods = document["bearer_methods_supported"]?.strings,
            !methods.contains("header")
        {
            findings.append(
                .doubtful(
                    step,
                    """
                    bearer_methods_supported lacks "header", the only method of MCP clients
                    """
                )
            )
        }
        if document["scopes_supported"]?.strings?.contains("offline_access") == true {
            findings.append(
                .doubtful(
                    step,
                    "scopes_supported has offline_access, which is between client and issuer"
                )
            )
        }
    }
}
