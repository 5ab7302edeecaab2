import JSON

/// What a server answers to a client that has a token (MCP, *Transports*, *Authorization*).
package enum ToolsStep {
    /// What became of a request.
    package enum Outcome: Hashable, Sendable {
        /// The result of the JSON-RPC response.
        case result(JSONValue)
        /// The server does not speak the modern protocol.
        case otherEra
        case wrong(Finding)
    }

    /// What became of a request with the token.
    package static func outcome(_ answer: Answer, _ step: Finding.Step) -> Outcome {
        switch answer.statusCode {
        case 200..<300: result(answer, step)
        case 400, 404, 405, 406, 415:
            step == .modernTools && isOtherEra(answer) ? .otherEra : .wrong(refusal(answer, step))
        default: .wrong(refusal(answer, step))
        }
    }

    /// The tools of a result, for people.
    package static func tools(_ result: JSONValue, _ step: Finding.Step) -> Finding {
        guard case .array(let tools) = result["tools"] ?? .null else {
            return .wrong(
                step,
                "the result of tools/list has no list of tools",
                remedy: "check that this URL is an MCP endpoint"
            )
        }
        let names = tools.compactMap { $0["name"]?.string }
        guard !names.isEmpty else {
            return .doubtful(step, "the token's bearer sees no tool: it has no right to any")
        }
        let more = result["nextCursor"] == nil ? "" : " and more"
        return .good(
            step,
            "\(names.count) tools\(more): \(names.map(\.quotedIfOdd).joined(separator: ", "))"
        )
    }

    private static func result(_ answer: Answer, _ step: Finding.Step) -> Outcome {
        guard let message = message(answer) else {
            return .wrong(
                .wrong(
                    step,
                    "status \(answer.statusCode), but no JSON-RPC message",
                    remedy: "check that this URL is an MCP endpoint and not a page"
                )
            )
        }
        if let result = message["result"] { return .result(result) }
        guard let error = message["error"] else {
            return .wrong(
                .wrong(
                    step,
                    "a JSON-RPC message with neither result nor error",
                    remedy: "check that this URL is an MCP endpoint"
                )
            )
        }
        if step == .modernTools, isOtherEra(error) { return .otherEra }
        return .wrong(
            .wrong(
                step,
                """
                JSON-RPC error \(error["code"]?.integer ?? 0): \
                \((error["message"]?.string ?? "").quoted)
                """,
                remedy: "see the logs of the server"
            )
        )
    }

    /// The JSON-RPC response: the content, or the first message of an event stream that is one.
    package static func message(_ answer: Answer) -> JSONValue? {
        guard answer.mediaType == "text/event-stream" else {
            return json(answer.body)
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        var data = ""
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.hasPrefix("data:") {
                let value = line.dropFirst(5)
                data += data.isEmpty ? "" : "\n"
                data += value.hasPrefix(" ") ? value.dropFirst() : value
            } else if line.isEmpty {
                let message = json(Array(data.utf8))
                if let message, message["result"] != nil || message["error"] != nil {
                    return message
                }
                data = ""
            }
        }
        return nil
    }

    private static func json(_ bytes: [UInt8]) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            // That it is none is all that is asked here.
            return nil
        }
    }

    /// Whether a refusal is what servers of earlier revisions say to a modern request: an
    /// unsupported version or method, or no session.
    private static func isOtherEra(_ answer: Answer) -> Bool {
        guard answer.statusCode == 400 || answer.statusCode == 404 else { return false }
        return json(answer.body)?["error"].map(isOtherEra) ?? true
    }

    private static func isOtherEra(_ error: JSONValue) -> Bool {
        guard let code = error["code"]?.integer else { return true }
        // -32000 and its neighbours were free to use before the modern protocol defined some.
        return code == -32_022 || code == -32_601 || code == -32_600 || code > -32_020
    }

    private static func refusal(_ answer: Answer, _ step: Finding.Step) -> Finding {
        let challenge = answer[.challenge].flatMap { BearerChallenge($0) }
        let reason = challenge?.errorDescription.map { ": \($0.quoted)" } ?? ""
        switch answer.statusCode {
        case 401:
            return .wrong(
                step,
                "the server refuses the token with 401\(reason)",
                remedy: """
                    see what `martlet token inspect` says with the settings of the server, and the \
                    server's log
                    """
            )
        case 403 where challenge?.error == "insufficient_scope":
            let scope = challenge?.scope.map { " (\($0))" } ?? ""
            return .wrong(
                step,
                "403: the token's scope does not suffice\(scope)",
                remedy: "get a token with that scope"
            )
        case 403:
            return .wrong(
                step,
                "403: the token's bearer may not do this, and no scope would help",
                remedy: "give its subject a role that permits it, or check the policy"
            )
        case 429:
            return .wrong(
                step,
                "429: too many requests\(retry(answer))",
                remedy: "wait, then ask again"
            )
        case 503:
            return .wrong(
                step,
                "503: the server cannot decide\(retry(answer))",
                remedy: "check that the server can reach its issuers' key sets; see its log"
            )
        default:
            guard !answer.isRedirect else {
                return .wrong(
                    step,
                    "it redirects to \((answer[.location] ?? "nowhere").quoted)",
                    remedy: "use that URL: clients send no token after a redirect"
                )
            }
            let message = json(answer.body)?["error"]?["message"]?.string
            return .wrong(
                step,
                "status \(answer.statusCode)\(message.map { ": \($0.quoted)" } ?? "")",
                remedy: "see the logs of the server"
            )
        }
    }

    private static func retry(_ answer: Answer) -> String {
        answer[.retryAfter].map { " (Retry-After: \($0.prefix(40)))" } ?? ""
    }
}

extension String {
    /// As it is if it is a plain name.
    fileprivate var quotedIfOdd: String {
        utf8.allSatisfy { (0x21...0x7E).contains($0) } && count <= 64 ? self : quoted
    }
}
