internal import Bytes
internal import HTTP1
internal import Libuv

extension HTTPConnection {
    public func didRead(_ bytes: borrowing Span<UInt8>) {
        switch phase {
        case .closed, .cutOff, .lingering:
            return
        case .awaitingDecision, .awaitingResponse, .streaming:
            keep(copy bytes)
            adjustReading()
            return
        default:
            break
        }
        if received.isEmpty {
            let consumedCount = advance(through: copy bytes)
            if consumedCount < bytes.count, !isClosed, phase != .lingering {
                keep(bytes.extracting(consumedCount...))
            }
        } else {
            keep(copy bytes)
            consumeReceived()
        }
        finishTurn()
    }

    /// Goes on with what was received ahead, as far as it goes.
    func consumeReceived() {
        // Moved out, so that nothing else touches the bytes while they are being read.
        var bytes = takeReceived()
        let consumedCount = advance(through: bytes.span)
        guard !isClosed, phase != .lingering, consumedCount < bytes.count else { return }
        if consumedCount > 0 { bytes.removeFirst(consumedCount) }
        putReceived(bytes)
    }

    /// Parses and answers as far as the bytes go.
    ///
    /// - Returns: How many of the bytes are done with.
    private func advance(through input: Span<UInt8>) -> Int {
        loop.advancingSlot = slot
        defer { loop.advancingSlot = nil }
        isHeldBack = false
        return advance(through: input, with: &parser, into: &loop.head)
    }

    /// The same, with the parser and the loop's head lent for as long as it takes.
    private func advance(
        through input: Span<UInt8>,
        with parser: inout RequestParser,
        into head: inout RequestHead
    ) -> Int {
        defer { isBetweenHeads = parser.isBetweenRequests }
        var position = 0
        var bodyInPlace: Range<Int>?
        while canAdvance {
            let output: RequestParser.Output
            do throws(HTTPParseError) {
                output = try parser.parse(input, at: &position, into: &head)
            } catch {
                refuseMalformed(error)
                return input.count
            }
            switch output {
            case .needsMoreInput:
                if let range = bodyInPlace { body.append(input.extracting(range)) }
                return position
            case .head:
                receiveHead(head, input.extracting((position - head.byteCount)..<position))
            case .body(let range):
                collect(range, of: input, inPlace: &bodyInPlace)
            case .end:
                endRequest(input, bodyInPlace: bodyInPlace)
                bodyInPlace = nil
            }
        }
        isHeldBack = phase == .betweenRequests && position < input.count
        return position
    }

    /// Whether the next request may be looked at.
    private var canAdvance: Bool {
        switch phase {
        case .betweenRequests:
            stream.queuedByteCount + loop.output.count <= loop.limits.sendQueueHighWaterMark
        case .receivingBody, .discardingBody: true
        case .decidingHead, .awaitingDecision, .awaitingResponse, .streaming: false
        case .lingering, .cutOff, .closed: false
        }
    }

    private func receiveHead(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) {
        beginExchange(head)
        phase = .decidingHead(head.framing, expectsContinue: head.expectsContinue)
        let decision = handlerOfExchange().receiveHead(head, bytes, on: self)
        guard case .decidingHead(let framing, let expectsContinue) = phase else {
            precondition(decision != .wait, "the handler responded and waits all the same")
            return
        }
        switch decision {
        case .responded: preconditionFailure("the handler said that it had responded")
        case .readBody: beginBody(framing, expectsContinue: expectsContinue)
        case .wait: phase = .awaitingDecision(framing, expectsContinue: expectsContinue)
        }
    }

    /// The connection's handler, or one of the loop's if it has none.
    func handlerOfExchange() -> any HTTPRequestHandler {
        if let handler { return handler }
        let handler = loop.takeHandler()
        _ = replaceHandler(by: handler)
        return handler
    }

    private func beginBody(_ framing: RequestHead.Framing, expectsContinue: Bool) {
        phase = .receivingBody(byteCount: 0)
        if case .contentLength(let count) = framing, count > loop.limits.bodyByteCountMax {
            refuse(.contentTooLarge)
        } else if expectsContinue {
            var output = loop.takeOutput()
            ResponseEncoder.encodeContinue(into: &output)
            loop.putOutput(output)
        }
    }

    /// Reads the body of a request whose handler had put its decision off.
    ///
    /// The other decision is to ``respond(_:to:)``. Does nothing if the exchange is over: answered,
    /// timed out or cut off.
    ///
    /// - Precondition: Not called while bytes of any connection are being parsed: the handler comes
    ///   back to the request in a job of its own, or at its deadline.
    public func readBody(of exchange: ExchangeID) {
        guard isCurrent(exchange),
            case .awaitingDecision(let framing, let expectsContinue) = phase
        else { return }
        precondition(loop.advancingSlot == nil, "a decision is made within another connection's")
        beginBody(framing, expectsContinue: expectsContinue)
        consumeReceived()
        finishTurn()
        // Of a body that had not come before its client finished, nothing more comes.
        if hasPeerFinished, case .receivingBody = phase { didReachEnd() }
    }

    private func collect(
        _ range: Range<Int>,
        of input: Span<UInt8>,
        inPlace: inout Range<Int>?
    ) {
        switch phase {
        case .receivingBody(let previousCount):
            let count = previousCount + range.count
            guard count <= loop.limits.bodyByteCountMax else {
                refuse(.contentTooLarge)
                return
            }
            phase = .receivingBody(byteCount: count)
            if inPlace == nil, body.isEmpty {
                inPlace = range
                return
            }
            if let earlier = inPlace { body.append(input.extracting(earlier)) }
            inPlace = nil
            body.append(input.extracting(range))
        case .discardingBody(let previousCount):
            let count = previousCount + range.count
            phase = .discardingBody(byteCount: count)
            if count > loop.limits.discardedByteCountMax { finish() }
        default:
            return
        }
    }

    private func endRequest(_ input: Span<UInt8>, bodyInPlace: Range<Int>?) {
        switch phase {
        case .receivingBody:
            phase = .awaitingResponse
            // Moved out: the handler may respond at once, and the next request then begins.
            var collected = ByteBuffer()
            swap(&collected, &body)
            if let bodyInPlace {
                handler?.receiveBody(input.extracting(bodyInPlace), on: self)
            } else {
                handler?.receiveBody(collected.span, on: self)
            }
        case .discardingBody:
            phase = .betweenRequests
            // Its response did not announce the end of the connection, but nothing else keeps it.
            if loop.stage == .draining { finish() }
        default:
            return
        }
    }

    /// Sends what was encoded, goes on with what was received ahead, and waits for what comes next.
    func finishTurn() {
        flush()
        // What held the next request back may have gone to the kernel at once: nobody would call
        // again to say so.
        while isHeldBack, phase == .betweenRequests, canAdvance {
            consumeReceived()
            flush()
        }
        guard !isClosed else { return }
        let next = waitOfPhase
        if next == .idle { leaveHandler() }
        if next != wait || next.isRenewed { beginWait(next) }
        adjustReading()
    }

    /// Leaves the handler to another connection, unless it stays with this one.
    private func leaveHandler() {
        guard let handler, handler.forgetConnection() else { return }
        _ = replaceHandler(by: nil)
        loop.keepHandler(handler)
    }

    /// Reads while there is room for what comes.
    func adjustReading() {
        guard !isClosed else { return }
        let isSendQueueFull = stream.queuedByteCount > loop.limits.sendQueueHighWaterMark
        if isSendQueueFull != self.isSendQueueFull {
            self.isSendQueueFull = isSendQueueFull
            loop.sendQueues.pausedConnectionCount += isSendQueueFull ? 1 : -1
        }
        guard !hasPeerFinished else { return }
        let hasReceivedEnough =
            isAwaitingHandler && received.count > loop.limits.receiveAheadByteCountMax
        let mustPause = phase != .lingering && (hasReceivedEnough || isSendQueueFull)
        guard mustPause != isReadingPaused else { return }
        isReadingPaused = mustPause
        if mustPause {
            stream.pauseReading()
            return
        }
        do throws(LibuvError) {
            try stream.startReading()
        } catch {
            didFail(error)
        }
    }
}
