public import JSON

extension RequestContext {
    /// Asks the client, and goes on with its answers.
    ///
    /// One call for both eras. In the legacy era the requests travel to the client and this waits.
    /// The modern protocol sends no requests: the call is answered with the questions, and the
    /// client makes it again with the answers. **The tool then runs again from its beginning**, so
    /// what it did before asking must bear to be done twice; what it had asked before is answered
    /// at once. Answers that are missing or do not fit are asked for again.
    ///
    /// A tool that runs as a task waits here, and is not run again: the task is `input_required`
    /// until it is answered.
    ///
    /// - Parameters:
    ///   - requests: With different keys.
    ///   - state: What ``carriedState`` shall be when the client comes back: sealed, so that only
    ///     this server reads or changes it, and bound to this caller and these arguments. In the
    ///     legacy era it is not needed and goes nowhere.
    /// - Returns: An answer to each request.
    /// - Throws: ``RequestFailure/missingCapability(_:)`` if the client cannot be asked, and what
    ///   makes a modern client come back, which the tool passes on.
    public func ask(
        _ requests: [InputRequest],
        carrying state: RawJSON? = nil
    ) async throws(RequestFailure) -> InputAnswers {
        let needed = requests.reduce(into: ClientCapabilities()) { $0.formUnion($1.capability) }
        guard clientSupports(needed) else {
            throw .missingCapability(needed.subtracting(call.capabilities))
        }
        for request in requests where !request.isKnown(in: protocolVersion) {
            throw .missingCapability(request.capability)
        }
        if let task { return try answers(to: requests, of: try await task.ask(requests)) }
        return switch protocolVersion.era {
        case .modern: try answersAtHand(to: requests, carrying: state)
        case .legacy: try await answersOverLink(to: requests)
        }
    }

    /// Has the user fill in a form.
    public func elicit(
        _ key: String,
        _ message: String,
        _ form: ElicitationForm
    ) async throws(RequestFailure) -> ElicitationAnswer {
        let answers = try await ask([.elicitation(key, message: message, form: form)])
        guard let answer = answers.elicitation(key) else { throw Self.unanswered }
        return answer
    }

    /// Has the client's model write something.
    public func sample(
        _ key: String,
        _ request: SamplingRequest
    ) async throws(RequestFailure) -> SamplingAnswer {
        let answers = try await ask([.sampling(key, request)])
        guard let answer = answers.sampling(key) else { throw Self.unanswered }
        return answer
    }

    /// Asks for the folders that the client works in.
    public func roots(_ key: String) async throws(RequestFailure) -> [Root] {
        let answers = try await ask([.roots(key)])
        guard let roots = answers.roots(key) else { throw Self.unanswered }
        return roots
    }

    /// What the tool had the client carry when it asked last; `nil` in the first round and in the
    /// legacy era.
    public var carriedState: RawJSON? { call.roundTrip.state }

    private static let unanswered = RequestFailure.failed(
        reason: "a request that was asked has no answer"
    )

    private func answersAtHand(
        to requests: [InputRequest],
        carrying state: RawJSON?
    ) throws(RequestFailure) -> InputAnswers {
        let known = call.roundTrip.answers
        let open = requests.filter { request in
            guard let answer = known[request.key] else { return true }
            return !request.admits(answer)
        }
        guard !open.isEmpty else {
            return InputAnswers(answers: known)
        }
        let asked = Set(open.map(\.key))
        let kept = known.filter { !asked.contains($0.key) }
        throw .inputRequired(
            InputRequired(
                requests: RawJSON { writer in
                    writer.beginObject()
                    for request in open {
                        writer.name(request.key)
                        writer.beginObject()
                        request.encodeMembers(into: &writer, for: protocolVersion)
                        writer.endObject()
                    }
                    writer.endObject()
                },
                remembered: RoundTrip(answers: kept, state: state).encoded()
            )
        )
    }

    private func answersOverLink(
        to requests: [InputRequest]
    ) async throws(RequestFailure) -> InputAnswers {
        guard let link else {
            throw .rejected(message: "The client cannot be asked over this connection.")
        }
        return try answers(to: requests, of: try await link.ask(requests))
    }

    private func answers(
        to requests: [InputRequest],
        of results: [RawJSON]
    ) throws(RequestFailure) -> InputAnswers {
        var answers: [String: RawJSON] = [:]
        for (request, result) in zip(requests, results) {
            guard request.admits(result) else {
                throw .rejected(
                    message: "The client's answer to \(request.method) is not what was asked for."
                )
            }
            answers[request.key] = result
        }
        return InputAnswers(answers: answers)
    }
}
