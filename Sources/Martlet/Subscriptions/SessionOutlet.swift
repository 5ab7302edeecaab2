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
        /// What is left of an earlier stream, if anything, is told first.
        case held(StreamOutlet)
        case open(StreamOutlet)
        /// The client may come back.
        case left
        case over
    }

    private let stream: ResumableStream
    private var state: State

    /// Told when the client leaves that may come back.
    var didLeave: () -> Void = {}

    /// Told once, when nobody can come back any more.
    var didLoseClient: () -> Void = {}

    /// Told when the client is back and goes on with another stream; gives what there was to tell.
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
        state = .held(outlet)
        stream.attach(LoopBound(outlet, on: loop), after: 0)
        stream.didLeave = { [weak self] in self?.leave() }
        stream.didForget = { [weak self] in self?.lose() }
        stream.didHandOver = { [weak self] in self?.handOver() ?? [] }
    }

    private var connection: StreamOutlet? {
        switch state {
        case .held(let outlet), .open(let outlet): outlet
        case .left, .over: nil
        }
    }

    var isCongested: Bool {
        switch state {
        case .held: true
        case .open(let outlet): outlet.isCongested
        case .left, .over: false
        }
    }

    func send(_ message: Span<UInt8>) {
        stream.send(ByteBuffer(copying: message))
    }

    /// Tells what is left of the stream that this one goes on with; what changes follows.
    func resume(with messages: [ByteBuffer]) {
        for message in messages { stream.send(message) }
        if case .held(let outlet) = state { state = .open(outlet) }
    }

    func end() {
        state = .over
        stream.end()
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

    private func handOver() -> [ServerChange] {
        if case .over = state { return [] }
        state = .over
        return didHandOver()
    }
}
