internal import Bytes
internal import Libuv
internal import TLS

/// A connection before its first request: whose it is has yet to be said, or its TLS handshake is not
/// complete.
///
/// Not `Sendable`: lives on its loop's thread.
final class Arrival {
    private enum Step {
        case proxyHeader
        case handshake
        /// It has been refused, and told why; what still comes is dropped.
        case refused
        /// It has become a connection, or is closed.
        case over
    }

    private let stream: ByteStream
    private let loop: HTTPLoop

    /// Whose it is, as far as is known.
    private var peer: PeerAddress?

    /// Whether the other end is who a trusted proxy says, or is itself.
    private var isPeerKnown = true

    /// As whose it is counted.
    private var counted: PeerAddress?

    private var step: Step

    /// The tick after which it is given up.
    var deadline: UInt32

    private var received = ByteBuffer()

    /// - Parameters:
    ///   - stream: Not yet reading.
    ///   - peer: The other end.
    ///   - counted: As whose the connection has been counted.
    ///   - loop: The loop of the stream.
    init(
        _ stream: ByteStream,
        from peer: PeerAddress?,
        countedAs counted: PeerAddress?,
        on loop: HTTPLoop
    ) {
        self.stream = stream
        self.peer = peer
        self.counted = counted
        self.loop = loop
        if loop.intake.proxyHeader == .required {
            step = .proxyHeader
            deadline = loop.deadline(afterSeconds: loop.limits.headSeconds)
        } else {
            step = .handshake
            deadline = loop.deadline(afterSeconds: loop.limits.handshakeSeconds)
        }
    }

    /// Begins to read.
    func start() {
        stream.handler = self
        if step == .handshake { beginHandshake() }
        guard step != .over else { return }
        do throws(LibuvError) {
            try stream.startReading()
        } catch {
            close()
        }
    }

    /// The time is over.
    func didReachDeadline() {
        switch step {
        case .proxyHeader: loop.report(.proxyHeaderOverdue, from: peer)
        case .handshake: loop.report(.handshakeOverdue, from: peer)
        case .refused, .over: break
        }
        close()
    }

    func close() {
        step = .over
        stream.close()
    }

    // The PROXY header.

    private func didIdentify(_ header: ProxyHeader) {
        let proxy = peer
        peer = header.source ?? proxy
        isPeerKnown = header.source != nil || header.isOwn
        // What a proxy sends for itself, or for another proxy, counts in total only.
        let next = loop.intake.trustedProxies.contains(peer) ? nil : peer
        guard loop.census.attribute(next) else { return close() }
        counted = next
        var rest = ByteBuffer()
        swap(&rest, &received)
        rest.removeFirst(header.byteCount)
        guard loop.speaksTLS(on: stream) else {
            return promote(with: rest)
        }
        step = .handshake
        deadline = loop.deadline(afterSeconds: loop.limits.handshakeSeconds)
        beginHandshake(with: rest)
    }

    // The handshake.

    private func beginHandshake(with rest: ByteBuffer = ByteBuffer()) {
        guard let identity = loop.intake.identity?.current else {
            preconditionFailure("a handshake needs an identity")
        }
        do throws(TLSError) {
            let session = try TLSSession(identity)
            let layer = TLSLayer(stream, session, for: self, on: loop)
            stream.handler = layer
            if !rest.isEmpty { layer.didRead(rest.span) }
        } catch {
            loop.report(.handshake(error), from: peer)
            close()
        }
    }

    /// What follows is HTTP.
    func didShakeHands(_ layer: TLSLayer) {
        promote(under: layer)
    }

    /// Becomes a connection.
    ///
    /// It is never neither: a loop that drains would take the last one that it waits for to have gone.
    private func promote(under layer: TLSLayer? = nil, with rest: ByteBuffer = ByteBuffer()) {
        step = .over
        loop.begin(
            stream,
            from: peer,
            isPeerKnown: isPeerKnown,
            countedAs: counted,
            under: layer,
            with: rest
        )
        loop.remove(self)
    }

    /// Closes once the peer has read why, or soon.
    func didFailHandshake(_ error: TLSError) {
        loop.report(.handshake(error), from: peer)
        step = .refused
        deadline = loop.deadline(afterSeconds: loop.limits.lingerSeconds)
        stream.finishWriting()
    }
}

extension Arrival: ByteStreamHandler {
    func didRead(_ bytes: borrowing Span<UInt8>) {
        guard step == .proxyHeader else { return }
        received.append(bytes)
        switch ProxyHeader.read(received.span) {
        case .needsMoreInput:
            return
        case .malformed(let fault):
            loop.report(.proxyHeader(fault), from: peer)
            close()
        case .complete(let header):
            didIdentify(header)
        }
    }

    func didReachEnd() {
        close()
    }

    func didDrain() {}

    func didFail(_ error: LibuvError) {
        close()
    }

    func didClose() {
        loop.remove(self)
        loop.census.release(counted)
    }
}
