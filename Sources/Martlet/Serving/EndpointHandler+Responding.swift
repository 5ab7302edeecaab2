internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// How an exchange begins and how it is answered, with the record that is kept of it.
extension EndpointHandler {
    func begin(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) {
        forgetRequest()
        isBlank = false
        if regime !== endpoint.regime { regime = endpoint.regime }
        client = connection.peer
        if let addresses = endpoint.shared.clientAddresses, connection.isPeerKnown {
            client = addresses.client(head, bytes, from: connection.peer)
        }
        guard endpoint.isRecording else { return }
        if let observer = endpoint.observer { observe(head, bytes, by: observer) }
        guard endpoint.accessLog != nil else { return }
        record.startMilliseconds = endpoint.loop.monotonicMilliseconds
        record.peer = client?.description ?? "unix"
        record.httpMethod = String(validating: bytes.extracting(head.methodRange)) ?? ""
        // What else a client may have put into its target is nobody's business.
        record.path = endpoint.name(ofPath: bytes.extracting(head.path))
        if let method = head.value(of: .mcpMethod) {
            record.mcpMethod = Method(field: bytes.extracting(method))?.rawValue ?? "other"
        }
    }

    func respond(
        _ response: ConstantResponse,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        var response = response
        // The record is a copy for whoever is given it, so where none is kept it is not touched.
        if endpoint.isRecording {
            response = recorded(response, record)
            log(record, statusCode: response.head.status.rawValue)
        }
        let exchange = connection.currentExchange
        guard let originFields else {
            connection.respond(response.prepared, to: exchange)
            return .responded
        }
        var head = response.head
        head.fields.append(originFields)
        let content = response.content
        connection.respond(head, content: content.span, to: exchange)
        return .responded
    }

    func respond(
        _ statusCode: Int,
        _ fields: FieldBlock,
        _ content: Span<UInt8>,
        on connection: HTTPConnection
    ) {
        if endpoint.isRecording { log(record, statusCode: statusCode) }
        var head = ResponseHead(HTTPStatus(ofMessage: statusCode), fields: fields)
        if let originFields { head.fields.append(originFields) }
        connection.respond(head, content: content, to: connection.currentExchange)
    }

    /// Answers a batch.
    func respond(
        to batch: Batch,
        with answers: [ByteBuffer],
        on connection: HTTPConnection,
        _ exchange: HTTPConnection.ExchangeID
    ) {
        log(batch.record, statusCode: 200)
        var content = ByteBuffer()
        content.append(ASCII.leftSquareBracket)
        for (index, answer) in answers.enumerated() {
            if index > 0 { content.append(ASCII.comma) }
            content.append(answer.span)
        }
        content.append(ASCII.rightSquareBracket)
        var head = ResponseHead(.ok, fields: responses.json)
        if let originFields = batch.originFields { head.fields.append(originFields) }
        connection.respond(head, content: content.span, to: exchange)
    }

    /// Gives a response in a later turn than its request came in.
    func respond(
        _ statusCode: Int,
        _ content: Span<UInt8>,
        _ record: AccessRecord,
        _ originFields: FieldBlock?,
        on connection: HTTPConnection,
        _ exchange: HTTPConnection.ExchangeID
    ) {
        log(record, statusCode: statusCode)
        var head = ResponseHead(HTTPStatus(ofMessage: statusCode), fields: responses.json)
        if let originFields { head.fields.append(originFields) }
        connection.respond(head, content: content, to: exchange)
    }

    /// Gives a constant response in a later turn than its request came in.
    func respond(
        _ response: ConstantResponse,
        _ record: AccessRecord,
        _ originFields: FieldBlock?,
        on connection: HTTPConnection,
        _ exchange: HTTPConnection.ExchangeID
    ) {
        let response = recorded(response, record)
        log(record, statusCode: response.head.status.rawValue)
        guard let originFields else { return connection.respond(response.prepared, to: exchange) }
        var head = response.head
        head.fields.append(originFields)
        let content = response.content
        connection.respond(head, content: content.span, to: exchange)
    }

    func log(_ record: AccessRecord, statusCode: Int) {
        endpoint.log(record, statusCode: statusCode)
    }

    static func plainText(_ responses: Responses) -> FieldBlock {
        var fields: FieldBlock = [.contentType: "text/plain; charset=utf-8"]
        fields.append(responses.security)
        return fields
    }
}

extension HTTPStatus {
    /// The status that a message is answered with.
    init(ofMessage code: Int) {
        guard let status = HTTPStatus(rawValue: code) else {
            preconditionFailure("\(code) is no status code")
        }
        self = status
    }
}
