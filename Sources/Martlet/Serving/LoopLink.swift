internal import JSON
internal import Libuv
internal import MCP

/// The way from a running feature to its client, by whatever thread the feature runs on.
struct LoopLink: ClientLink {
    let call: LoopBound<PendingCall>

    func notify(_ notification: RawJSON) {
        call.run { $0.tell(notification.bytes) }
    }

    func ask(_ requests: [InputRequest]) async throws(RequestFailure) -> [RawJSON] {
        let responses = await withCheckedContinuation { continuation in
            call.run { call in
                call.ask(requests) { continuation.resume(returning: $0) }
            }
        }
        guard let responses else {
            throw .rejected(message: "The client did not answer what it was asked.")
        }
        var results: [RawJSON] = []
        for (request, response) in zip(requests, responses) {
            guard let result = response.result else {
                throw .rejected(message: "The client refused \(request.method).")
            }
            results.append(result)
        }
        return results
    }

    func disconnect(retryMilliseconds: Int) {
        call.run { $0.disconnect(retryMilliseconds: retryMilliseconds) }
    }
}
