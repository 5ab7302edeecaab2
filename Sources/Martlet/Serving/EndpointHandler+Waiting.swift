internal import Bytes
internal import HTTP1
internal import HTTPTransport

// Requests whose token names a key that is not there yet.
extension EndpointHandler {
    /// Has a request wait for the key that its token needs, unless too many wait already.
    func wait(
        for missing: LoopKeys.MissingKey,
        _ token: Span<UInt8>,
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        collectFields(head, bytes)
        return wait(
            WaitingRequest(
                token,
                SessionField(head),
                in: bytes,
                missing: missing,
                on: connection,
                handler: self
            )
        )
    }

    /// Goes on where the request was left, with the keys as they are now.
    func resume(_ request: WaitingRequest) {
        // Whoever was answered meanwhile, or is gone, has let go of its request.
        guard waiting === request else { return }
        waiting = nil
        // Only those of today get the keys that have come.
        regime = endpoint.regime
        let connection = request.connection
        let token = request.token
        let sessionBytes = request.sessionBytes
        let decision: HTTPHeadDecision
        switch authenticate(token: token.span) {
        case .success(let principal):
            decision = receive(
                principal,
                request.sessionField,
                in: sessionBytes.span,
                on: connection
            )
        case .failure(.response(let response)):
            decision = respond(response, on: connection)
        case .failure(.missingKey(let missing)):
            request.missing = missing
            decision = wait(request)
        }
        if decision == .readBody { connection.readBody(of: request.exchange) }
    }

    /// Answers a request that has waited as long as it may; whether its token is good is not known.
    func giveUp(_ request: WaitingRequest) {
        stopWaiting()
        let refusal = regime.keysUnavailable(retryAfterSeconds: Self.retrySeconds)
        _ = respond(refusal, on: request.connection)
    }

    /// Lets go of the request that waits, if one does.
    func stopWaiting() {
        if let waiting { endpoint.keys?.cancel(waiting) }
        waiting = nil
    }

    private func wait(_ request: WaitingRequest) -> HTTPHeadDecision {
        guard endpoint.keys?.wait(request) == true else {
            let refusal = regime.keysUnavailable(retryAfterSeconds: Self.retrySeconds)
            return respond(refusal, on: request.connection)
        }
        waiting = request
        return .wait
    }

    /// After so many seconds what is being fetched is there, or its failure known.
    private static let retrySeconds = 5
}
