internal import Bytes
internal import HTTP1
public import Libuv

/// One client connection: requests in, responses out, in order.
///
/// Not `Sendable`: lives on its loop's thread. One request is answered at a time; what a client
/// pipelines behind it waits in the connection's own buffer, which exists only while something is
/// in it.
public final class HTTPConnection {
    /// Names one request of the connection, so that an answer that comes too late reaches nobody.
    public struct ExchangeID: Hashable, Sendable {
        fileprivate let number: UInt32
    }

    enum Phase: Equatable {
        /// No request, or part of a head.
        case betweenRequests
        /// The handler looks at a head, of which only what the body depends on is kept.
        case decidingHead(RequestHead.Framing, expectsContinue: Bool)
        /// The handler has seen the head and says later what it wants.
        case awaitingDecision(RequestHead.Framing, expectsContinue: Bool)
        case receivingBody(byteCount: Int)
        case awaitingResponse
        /// The response has begun; the handler says more, and when it ends.
        case streaming(OpenStream)
        /// The response was given before the body was read.
        case discardingBody(byteCount: Int)
        /// All is said; the client may still read. Its input is dropped.
        case lingering
        /// The connection failed while its handler said something, which is therefore told later.
        case cutOff
        case closed
    }

    /// What the current deadline is for.
    enum Wait: Equatable {
        case idle, newcomer, head, decision, body, response, silence, discard, linger, writeStall

        /// Whether it counts from whatever happened last, even if that was the same.
        var isRenewed: Bool { self == .idle || self == .response || self == .silence }
    }

    let stream: ByteStream

    /// What encrypts, where something does.
    let tls: TLSLayer?
    let loop: HTTPLoop
    let slot: Int32

    /// The address of the other end, or of whom a trusted proxy says that it passes on; `nil` on a
    /// UNIX domain socket.
    public let peer: PeerAddress?

    /// Whether ``peer`` sends the requests, or says for whom: not a proxy that passes on somebody's
    /// bytes without knowing whose.
    public let isPeerKnown: Bool

    /// As whose the connection is counted.
    let countedPeer: PeerAddress?

    /// Lent to whoever parses, once for all that a read brings.
    var parser: RequestParser

    /// Whether the parser has seen nothing of a next request, as of the last read.
    var isBetweenHeads = true
    var phase = Phase.betweenRequests
    var encoder = ResponseEncoder()
    private var exchangeNumber: UInt32 = 0

    /// Bytes received and not yet consumed.
    var received = ByteBuffer()

    /// The part of a body that came in earlier reads.
    var body = ByteBuffer()

    /// What is done with the requests; `nil` while there is none, as a rule.
    var handler: (any HTTPRequestHandler)?
    var hasPeerFinished = false
    var isReadingPaused = true

    /// Whether the send queue went above its mark and has not been seen below it since.
    var isSendQueueFull = false

    /// Whether something was received that waits for the send queue, not for more bytes.
    var isHeldBack = false

    /// `nil` from the beginning of an exchange to the end of the loop's turn.
    var wait: Wait?
    var deadline: UInt32 = 0
    /// When the loop's wheel will look at this connection.
    var scheduledVisit: UInt32?

    init(
        stream: ByteStream,
        tls: TLSLayer?,
        peer: PeerAddress?,
        isPeerKnown: Bool,
        countedPeer: PeerAddress?,
        slot: Int32,
        loop: HTTPLoop
    ) {
        self.stream = stream
        self.tls = tls
        self.peer = peer
        self.isPeerKnown = isPeerKnown
        self.countedPeer = countedPeer
        self.slot = slot
        self.loop = loop
        parser = RequestParser(limits: loop.limits.framing)
    }

    /// Begins to read.
    func start() {
        if let tls {
            tls.connection = self
            stream.handler = tls
        } else {
            stream.handler = self
        }
        beginWait(.idle)
        adjustReading()
    }

    /// The request being answered.
    public var currentExchange: ExchangeID { ExchangeID(number: exchangeNumber) }

    /// Whether nothing more can be said or heard.
    var isClosed: Bool { phase == .closed || phase == .cutOff }

    /// Whether nothing goes on before the handler has said more.
    var isAwaitingHandler: Bool {
        switch phase {
        case .awaitingDecision, .awaitingResponse, .streaming: true
        default: false
        }
    }

    /// Whether this connection's bytes are being parsed, further up the stack.
    var isAdvancing: Bool { loop.advancingSlot == slot }

    /// Closes at once.
    ///
    /// The handler hears of an exchange that is cut off.
    func close() {
        guard !isClosed else { return }
        let wasWaiting = isAwaitingHandler
        phase = .closed
        dropInput()
        tls?.sayGoodbye()
        stream.close()
        if wasWaiting { handler?.abandonExchange() }
        _ = replaceHandler(by: nil)
    }

    /// Makes the answer to the request that is being received or answered the last.
    func announceDrain() {
        if phase != .betweenRequests { encoder.isPersistent = false }
    }

    /// Closes now if nothing is being answered, otherwise after the response.
    ///
    /// A handler that is waited for is told, as its response may be one that never ends.
    func drain() {
        switch phase {
        case .betweenRequests where isBetweenHeads && received.isEmpty:
            if hasHadRequest { finish() } else { beginWait(.newcomer) }
        default:
            drainExchange()
        }
    }

    /// Begins the next exchange, whatever came of the last.
    func beginExchange(_ head: borrowing RequestHead) {
        exchangeNumber &+= 1
        // A client that does not read its answers gains no time by asking more.
        if wait != .writeStall { wait = nil }
        encoder = ResponseEncoder(answering: head)
        if loop.stage != .serving { encoder.isPersistent = false }
    }

    /// Whether a head has come on this connection.
    var hasHadRequest: Bool { exchangeNumber != 0 }

    func isCurrent(_ exchange: ExchangeID) -> Bool {
        exchange.number == exchangeNumber
    }

    // What is changed by a function that is not inlined is checked at run time for a second access
    // meanwhile, and so is every other access to it. On the path of every request values are
    // exchanged instead, which needs no check.

    /// - Returns: The handler so far.
    func replaceHandler(
        by replacement: consuming (any HTTPRequestHandler)?
    ) -> (any HTTPRequestHandler)? {
        swap(&replacement, &handler)
        return replacement
    }

    func takeReceived() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &received)
        return taken
    }

    func putReceived(_ bytes: consuming ByteBuffer) {
        swap(&bytes, &received)
    }

    /// Keeps bytes behind those that were received before.
    func keep(_ bytes: Span<UInt8>) {
        var kept = takeReceived()
        kept.append(bytes)
        putReceived(kept)
    }

    /// Forgets what was received and not consumed.
    func dropInput() {
        putReceived(ByteBuffer())
        body = ByteBuffer()
    }
}

extension HTTPConnection: ByteStreamHandler {
    public func didReachEnd() {
        hasPeerFinished = true
        switch phase {
        case .awaitingDecision, .awaitingResponse, .streaming:
            // The client may have closed only its half. The answer is tried; if nobody is there
            // the write fails and ends the connection.
            if handler?.endsWithClient == true { close() }
        default:
            // A client that closed its half still reads what it asked for before.
            if stream.queuedByteCount > 0 { finish() } else { close() }
        }
    }

    public func didDrain() {
        if phase == .lingering, hasPeerFinished { return close() }
        let exchange = currentExchange
        finishTurn()
        if isCurrent(exchange), case .streaming = phase { handler?.didDrainStream(on: self) }
    }

    public func didDrainPartly() {
        // Whoever reads on is not cut off, however far behind. Above the mark that is not enough:
        // a handler that says more than its client can read would fill the memory.
        guard wait == .writeStall, case .streaming = phase, !isStreamCongested else { return }
        beginWait(.writeStall)
    }

    public func didFail(_ error: LibuvError) {
        close()
    }

    public func didClose() {
        let isHandlerUnaware = phase == .cutOff
        phase = .closed
        if isHandlerUnaware { handler?.abandonExchange() }
        _ = replaceHandler(by: nil)
        loop.remove(self)
    }
}
