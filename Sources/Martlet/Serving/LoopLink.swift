internal import Bytes
internal import JSON
internal import Libuv
internal import MCP

/// A running request that can say something to its client before it is answered.
protocol ConversingCall: AnyObject, SendableMetatype {
    /// Sends a notification, which a client that does not read goes without.
    func tell(_ notification: ByteBuffer)

    /// Sends requests; `answered` is called once, with the answers in the order of the requests, or
    /// `nil` if they do not come.
    func ask(
        _ requests: [InputRequest],
        _ answered: @escaping @Sendable ([ClientResponse]?) -> Void
    )

    /// Ends the connection and not the request.
    func disconnect(retryMilliseconds: Int)
}

/// The way from a running feature to its client, by whatever thread the feature runs on.
struct LoopLink<Call: ConversingCall>: ClientLink {
    let call: LoopBound<Call>

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

extension InputRequest {
    /// The whole message that sends it to a client of the legacy era.
    func message(_ id: RequestID, for version: ProtocolVersion) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("jsonrpc")
            writer.string("2.0")
            writer.name("id")
            writer.raw(id.json.span)
            encodeMembers(into: &writer, for: version)
            writer.endObject()
        }
    }
}
