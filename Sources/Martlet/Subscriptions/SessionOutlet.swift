internal import Bytes
internal import Libuv
internal import MCP

/// The GET stream of a legacy session, kept for a client that loses its connection and comes back
/// with `Last-Event-ID` (MCP 2025-11-25, *Transports*, "Resumability and Redelivery").
///
/// Not `Sendable`: belongs to the loop of its first connection. A client that comes back goes on
/// with a stream on the loop that it comes to, which takes over what is left of this one.
final class SessionOutlet: ChangeOutlet {
    private enum State {
        case open(StreamOutlet)
        /// The client may come back.
        case left
        case over
    }

    private let stream: ResumableStream
    private var state: State

    /// Whether it is not known yet what is left of an earlier stream, which is told first.
    private var isHeld = true

    /// Goes on with handing over, once that is known.
    private var proceed: (() -> Void)?

    /// Told when the client leaves that may come back.
    var didLeave: () -> Void = {}

    /// Told once, when nobody can come back any more.
    var didLoseClient: () -> Void = {}

    /// Told when the client is back and goes on with another stream; gives what there was still to
    /// tell.
    var didHandOver: () -> [ServerChange] = { [] }

    var didDrain: () -> Void = {} {
        didSet { connection?.didDrain = didDrain }
    }

    var serverStops: () -> Void = {} {
        didSet { connection?.serverStops = serverStops }
    }

    /// - Parameters:
    ///   - stream: A new one of the session.
    ///   - outlet: Where it goes.
    ///   - loop: That of both.
    init(_ stream: ResumableStream, over outlet: StreamOutlet, on loop: EventLoop) {
        self.stream = stream
        state = .open(outlet)
        stream.attach(LoopBound(outlet, on: loop), after: 0)
        stream.didLeave = { [weak self] in self?.leave() }
        stream.didForget = { [weak self] in self?.lose() }
        stream.willHandOver = { [weak self] proceed in
            if let self { handOver(proceed) } else { proceed([]) }
        }
        stream.stopWaiting = { [weak self] in self?.resume(with: []) }
    }

    private var connection: StreamOutlet? {
        switch state {
        case .open(let outlet): outlet
        case .left, .over: nil
        }
    }

    var isCongested: Bool { isHeld || connection?.isCongested == true }

    func send(_ message: Span<UInt8>) {
        stream.send(ByteBuffer(copying: message))
    }

    /// Tells what is left of the stream that this one goes on with; what changes follows.
    func resume(with messages: [ByteBuffer]) {
        guard isHeld else { return }
        isHeld = false
        for message in messages { stream.send(message) }
        proceed?()
        proceed = nil
    }

    func end() {
        state = .over
        stream.end()
    }

    func interrupt() {
        stream.interrupt()
    }

    private func leave() {
        guard connection != nil else { return }
        state = .left
        didLeave()
    }

    private func lose() {
        if case .over = state { return }
        state = .over
        didLoseClient()
    }

    private func handOver(_ take: @escaping ([ServerChange]) -> Void) {
        guard !isHeld else {
            proceed = { [self] in handOver(take) }
            return
        }
        state = .over
        take(didHandOver())
    }
}
