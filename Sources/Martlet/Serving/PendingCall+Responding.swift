internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import MCP

// How a call is answered, perhaps in a later turn than it came in.
extension PendingCall {
    func respond(with outcome: CallOutcome) {
        var content = ByteBuffer()
        swap(&content, &endpoint.content)
        content.removeAll()
        let statusCode = call.encode(outcome, into: &content)
        if let resultVersion, case .tool(let result) = outcome, !result.isError {
            endpoint.results.remember(content.span, to: call, at: resultVersion)
        }
        endpoint.log(record, statusCode: statusCode)
        var head = ResponseHead(HTTPStatus(ofMessage: statusCode), fields: responses.json)
        if let originFields { head.fields.append(originFields) }
        connection.respond(head, content: content.span, to: exchange)
        swap(&content, &endpoint.content)
    }

    /// Answers what its client has taken back: there is no response to it, but HTTP wants one.
    func respondCancelled() {
        let response = responses.accepted
        endpoint.log(record, statusCode: response.head.status.rawValue)
        guard let originFields else {
            return connection.respond(response.prepared, to: exchange)
        }
        var head = response.head
        head.fields.append(originFields)
        let content = response.content
        connection.respond(head, content: content.span, to: exchange)
    }

    /// Turns the response into a stream.
    ///
    /// - Returns: `nil` if nobody is there to read it.
    func openStream() -> StreamOutlet? {
        endpoint.log(record, statusCode: 200)
        return StreamOutlet(responses.streamHead(originFields), on: connection, exchange)
    }

    /// The response that ends a stream.
    func encoded(_ outcome: CallOutcome) -> ByteBuffer {
        var content = ByteBuffer()
        _ = call.encode(outcome, into: &content)
        return content
    }
}
