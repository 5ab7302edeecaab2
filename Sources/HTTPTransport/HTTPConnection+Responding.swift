internal import Bytes
public import HTTP1
internal import Libuv

extension HTTPConnection {
    /// Answers a request with content of the moment.
    ///
    /// Does nothing if the exchange is over: answered, timed out or cut off.
    public func respond(
        _ head: ResponseHead,
        content: Span<UInt8>,
        to exchange: ExchangeID
    ) {
        guard prepareToRespond(to: exchange) else { return }
        encode(head, content: content)
        endExchange()
    }

    /// Answers a request with a response that was encoded at start-up.
    public func respond(_ response: PreparedResponse, to exchange: ExchangeID) {
        guard prepareToRespond(to: exchange) else { return }
        let encoder = encoder
        var output = loop.takeOutput()
        encoder.encode(response, date: loop.date, into: &output)
        loop.putOutput(output)
        endExchange()
    }

    /// Has a response sent with all else that this turn says.
    func encode(_ head: ResponseHead, content: Span<UInt8>) {
        let encoder = encoder
        var output = loop.takeOutput()
        encoder.encode(head, content: content, date: loop.date, into: &output)
        loop.putOutput(output)
    }

    /// Makes the current exchange the last of its connection.
    public func closeAfterResponse() {
        encoder.isPersistent = false
    }

    /// Whether a response is still wanted; settles what happens to an unread body.
    func prepareToRespond(to exchange: ExchangeID) -> Bool {
        guard isCurrent(exchange) else { return false }
        // The loop's output holds what the advancing connection has said so far.
        precondition(
            loop.advancingSlot == nil || isAdvancing,
            "a handler that is called for one connection answers on another"
        )
        switch phase {
        case .decidingHead(let framing, let expectsContinue):
            refuseBody(framing, expectsContinue: expectsContinue)
            return true
        case .awaitingDecision(let framing, let expectsContinue):
            refuseBody(framing, expectsContinue: expectsContinue)
            if hasPeerFinished { encoder.isPersistent = false }
            return true
        case .receivingBody:
            encoder.isPersistent = false
            return true
        case .awaitingResponse:
            if hasPeerFinished { encoder.isPersistent = false }
            return true
        case .streaming, .betweenRequests, .discardingBody, .lingering, .cutOff, .closed:
            return false
        }
    }

    /// Ends the connection with the response where its body is not to be read.
    private func refuseBody(_ framing: RequestHead.Framing, expectsContinue: Bool) {
        // A client that waits for 100 may send its body or not: the next byte would be ambiguous. A
        // long body is not worth reading.
        switch framing {
        case .contentLength(let count) where count > loop.limits.discardedByteCountMax:
            encoder.isPersistent = false
        case .none: break
        default:
            if expectsContinue { encoder.isPersistent = false }
        }
    }

    /// Goes on to the next request, or ends the connection, once a response is complete.
    func endExchange() {
        let isBodyUnread =
            switch phase {
            case .decidingHead, .awaitingDecision: true
            case .streaming(let stream): stream.isBodyUnread
            default: false
            }
        // Before anything is sent: the handler has done its part, whatever becomes of it.
        phase = isBodyUnread ? .discardingBody(byteCount: 0) : .betweenRequests
        if !encoder.isPersistent {
            finish()
        } else if isBodyUnread, !isAdvancing {
            // What has come of the body meanwhile is dropped, up to the next request.
            consumeReceived()
        }
        guard !isAdvancing else { return }
        // The answer came in a later turn than its request.
        isHeldBack = !received.isEmpty
        finishTurn()
    }

    /// Sends what is encoded, closes this side, and drops what still comes until the peer closes.
    ///
    /// Closing at once would reset the connection if unread bytes are there, and the client might
    /// lose the response that it has not read yet (RFC 9112 §9.6).
    func finish() {
        guard !isClosed, phase != .lingering else { return }
        flush()
        guard !isClosed else { return }
        phase = .lingering
        dropInput()
        if hasPeerFinished, stream.queuedByteCount == 0 {
            close()
            return
        }
        if let tls { tls.finishWriting() } else { stream.finishWriting() }
        adjustReading()
        beginWait(waitOfPhase)
    }

    /// Refuses the rest of a request and the connection with it.
    func refuse(_ status: HTTPStatus) {
        let exchange = currentExchange
        handler?.didRefuseBody(status)
        encoder.isPersistent = false
        respond(ResponseHead(status), content: ByteBuffer().span, to: exchange)
    }

    /// Answers what is not HTTP as served here; where the next request begins is unknown.
    func refuseMalformed(_ error: HTTPParseError) {
        if case .discardingBody = phase {
            // The request has its response; a second one would be taken for that of the next.
            finish()
            return
        }
        if case .receivingBody = phase {
            handler?.didRefuseBody(error.reason.status)
        } else {
            noteRefusedHead(error.reason.status)
        }
        encoder = ResponseEncoder()
        let text = ByteBuffer("\(error)\n")
        encode(ResponseHead(error.reason.status, fields: Self.plainText), content: text.span)
        finish()
    }

    /// A head is refused; there may have been none on this connection before.
    func noteRefusedHead(_ status: HTTPStatus) {
        handlerOfExchange().didRefuseHead(status)
    }

    /// Closes a connection that failed while its handler may be saying something.
    ///
    /// The handler hears of it once the connection has closed: whoever sends on many streams is not
    /// called back in the middle.
    private func cutOff() {
        phase = .cutOff
        putReceived(ByteBuffer())
        stream.close()
    }

    private static let outputCapacityMax = 1_048_576

    private static let plainText: FieldBlock = [
        .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
        .xContentTypeOptions: "nosniff",
    ]

    /// - Returns: `false` if the connection has failed.
    private func write(_ bytes: Span<UInt8>) -> Bool {
        if let tls { return tls.write(bytes) }
        do throws(LibuvError) {
            try stream.write(bytes)
            return true
        } catch {
            return false
        }
    }

    /// Writes what was encoded in this turn, for this connection alone.
    func flush() {
        guard !loop.output.isEmpty else { return }
        // Moved out and back: the storage stays the loop's, and nothing else can touch it.
        var bytes = loop.takeOutput()
        if !isClosed, !write(bytes.span) {
            if case .streaming = phase { cutOff() } else { close() }
        }
        // Storage that one giant response needed is not kept for all the small ones.
        guard bytes.bytes.capacity <= Self.outputCapacityMax else { return }
        bytes.removeAll()
        loop.putOutput(bytes)
    }
}
