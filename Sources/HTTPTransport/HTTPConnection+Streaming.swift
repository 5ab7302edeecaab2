internal import Bytes
public import HTTP1
internal import Libuv

extension HTTPConnection {
    /// A response that has begun and not ended.
    struct OpenStream: Equatable {
        let framing: ResponseEncoder.StreamFraming

        /// Whether the request's body has not been read: what comes of it is dropped once the
        /// stream has ended.
        let isBodyUnread: Bool

        /// Whether the handler was told that the server drains.
        var hasHeardOfDrain = false
    }

    /// Begins a response whose end is not known yet.
    ///
    /// The caller gives all fields of the content; how its end is marked is added here. In answer
    /// to HEAD nothing follows (RFC 9110 §9.3.2), and to HTTP/1.0 everything up to the end of the
    /// connection. What the client sends meanwhile waits, as it does for any other response.
    ///
    /// - Returns: Whether a response was still wanted; otherwise nothing happens.
    /// - Precondition: The status allows content.
    @discardableResult
    public func beginStream(_ head: ResponseHead, to exchange: ExchangeID) -> Bool {
        let isBodyUnread = phase != .awaitingResponse
        guard prepareToRespond(to: exchange) else { return false }
        var encoder = encoder
        var output = loop.takeOutput()
        let framing = encoder.encodeStreamHead(head, date: loop.date, into: &output)
        loop.putOutput(output)
        self.encoder = encoder
        body = ByteBuffer()
        phase = .streaming(OpenStream(framing: framing, isBodyUnread: isBodyUnread))
        didSay()
        return true
    }

    /// Sends more of a stream, as one chunk.
    ///
    /// What is sent while the handler is called for a request goes out with all else that is said
    /// in that call; at any other time each call is a write of its own. Nothing is dropped, however
    /// much waits already: ``isStreamCongested`` says when to stop. A connection that turns out to
    /// have failed is heard of by ``HTTPRequestHandler/abandonExchange()`` later, never within this
    /// call.
    ///
    /// Does nothing if there are no bytes, or if the exchange is over or does not stream.
    public func send(_ bytes: Span<UInt8>, to exchange: ExchangeID) {
        guard !bytes.isEmpty, let stream = openStream(of: exchange) else { return }
        var output = loop.takeOutput()
        switch stream.framing {
        case .chunked: ResponseEncoder.encodeChunk(bytes, into: &output)
        case .closeDelimited: output.append(bytes)
        case .noContent: break
        }
        loop.putOutput(output)
        if stream.framing != .noContent { didSay() }
    }

    /// Ends a stream once everything before has been sent.
    ///
    /// The connection goes on with the requests that wait behind this one, unless it is not
    /// persistent. Does nothing if the exchange is over or does not stream.
    public func endStream(of exchange: ExchangeID) {
        if phase == .cutOff, isCurrent(exchange) {
            // Its handler is done with it and need not hear that it failed.
            phase = .closed
            return
        }
        guard let stream = openStream(of: exchange) else { return }
        if stream.framing == .chunked {
            var output = loop.takeOutput()
            ResponseEncoder.encodeLastChunk(into: &output)
            loop.putOutput(output)
        }
        if hasPeerFinished { encoder.isPersistent = false }
        endExchange()
    }

    /// Bytes of this connection that the kernel has not taken yet.
    public var queuedByteCount: Int {
        stream.queuedByteCount + (isAdvancing ? loop.output.count : 0)
    }

    /// Whether more waits to be sent than ``HTTPServerLimits/sendQueueHighWaterMark``.
    ///
    /// Whoever can, waits for ``HTTPRequestHandler/didDrainStream(on:)`` before it says more.
    public var isStreamCongested: Bool {
        queuedByteCount > loop.limits.sendQueueHighWaterMark
    }

    /// The stream that answers an exchange, if one does.
    private func openStream(of exchange: ExchangeID) -> OpenStream? {
        guard isCurrent(exchange), case .streaming(let stream) = phase else { return nil }
        precondition(
            loop.advancingSlot == nil || isAdvancing,
            "a handler that is called for one connection streams on another"
        )
        return stream
    }

    /// Sends what was said now, or with the rest of the turn.
    private func didSay() {
        guard isAdvancing else { return finishTurn() }
        // Sent at once, so that what is congested has something in the kernel's queue, and its
        // handler will hear that it drained.
        if loop.output.count > loop.limits.sendQueueHighWaterMark { flush() }
    }

    // What the handler is told.

    /// Nothing was sent for as long as a stream may be silent.
    func didStaySilent() {
        guard case .streaming(var stream) = phase else { return }
        if loop.stage == .draining, !stream.hasHeardOfDrain {
            stream.hasHeardOfDrain = true
            phase = .streaming(stream)
            beginWait(.silence)
            handler?.serverDrains(on: self)
        } else {
            // Before the handler, so that one that says nothing is asked again.
            beginWait(.silence)
            handler?.streamIsSilent(on: self)
        }
    }

    /// Whether a stream began after the server had begun to drain, and its handler does not know.
    var mustHearOfDrain: Bool {
        guard loop.stage == .draining, case .streaming(let stream) = phase else { return false }
        return !stream.hasHeardOfDrain
    }

    /// Makes this response the last, and has a handler end one that would not end by itself.
    func drainExchange() {
        encoder.isPersistent = false
        switch phase {
        case .awaitingDecision, .awaitingResponse:
            handler?.serverDrains(on: self)
        case .streaming(var stream) where !stream.hasHeardOfDrain:
            stream.hasHeardOfDrain = true
            phase = .streaming(stream)
            handler?.serverDrains(on: self)
        default:
            return
        }
    }
}
