import Libuv
import TestSupport

/// A server of one loop that notes what its streams tell it and does what a test says.
actor StreamServer {
    enum Event: Hashable, Sendable {
        case accept, read, end, partialDrain, drain, failure, close
    }

    nonisolated let address: SocketAddress
    nonisolated let journal = Journal<Event>()

    private let loop: EventLoop
    private let socket: ListeningSocket
    private var listener: Listener?
    private var stream: ByteStream?
    private var waitingClients: [RawClient] = []

    /// What the stream accepted last has received.
    private(set) var receivedBytes: [UInt8] = []
    private(set) var failure: LibuvError?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop, at address: SocketAddress) throws(LibuvError) {
        let socket = try ListeningSocket.bind(to: address, count: 1)[0]
        self.loop = loop
        self.socket = socket
        self.address = socket.address
    }

    func listen() throws {
        listener = try Listener(socket, on: loop, backlog: 16, didFail: { _ in }) { stream in
            // Safe: the listener calls on the thread of its loop, which is the actor's.
            let sent = unsafe Sent(stream)
            self.assumeIsolated { unsafe $0.accept(sent) }
        }
    }

    private func accept(_ sent: Sent<ByteStream>) {
        journal.note(.accept)
        use(unsafe sent.value)
    }

    /// Becomes the client of another server, over the stream that it then writes to.
    func connect(to address: SocketAddress, from source: SocketAddress? = nil) throws {
        use(try ByteStream.connect(to: address, from: source, on: loop))
    }

    private func use(_ stream: ByteStream) {
        self.stream = stream
        stream.handler = StreamHandler { event, bytes, failure in
            self.assumeIsolated { $0.didHappen(event, bytes, failure) }
        }
        do {
            try stream.startReading()
        } catch {
            failure = error
        }
    }

    private func didHappen(_ event: Event, _ bytes: [UInt8], _ failure: LibuvError?) {
        receivedBytes += bytes
        if let failure {
            self.failure = failure
            stream?.close()
        }
        journal.note(event)
    }

    // What a test may say.

    /// Writes all parts in one turn, then does what `finish` says.
    ///
    /// - Returns: How many bytes the kernel did not take at once.
    @discardableResult
    func write(_ parts: [[UInt8]], then finish: Finish = .stayOpen) throws -> Int {
        for part in parts { try stream?.write(part.span) }
        let queuedByteCount = stream?.queuedByteCount ?? 0
        switch finish {
        case .stayOpen: break
        case .finishWriting: stream?.finishWriting()
        case .close: close()
        }
        return queuedByteCount
    }

    enum Finish: Sendable {
        case stayOpen, finishWriting, close
    }

    func close() {
        stream?.close()
    }

    func pauseReading() {
        stream?.pauseReading()
    }

    func resumeReading() throws {
        try stream?.startReading()
    }

    var queuedByteCount: Int { stream?.queuedByteCount ?? 0 }

    /// What the loop counts of all its streams.
    var loopQueuedByteCount: Int { loop.queuedByteCount }
    var peerAddress: PeerAddress? { stream?.peerAddress }

    /// Keeps the loop's queue of jobs from ever being empty.
    func spin(
        started: @Sendable () -> Void,
        until isEnough: @Sendable () -> Bool
    ) async {
        started()
        while !isEnough() { await Task.yield() }
    }

    /// Connects so often within one turn, in which nothing is accepted, and then ends the listener in
    /// good order.
    func endListening(afterConnections count: Int) throws {
        for _ in 0..<count { waitingClients.append(try RawClient(to: address)) }
        listener?.refuseNewcomers()
        listener?.acceptRestAndClose()
    }

    func refuseNewcomers() {
        listener?.refuseNewcomers()
    }

    func endListening() {
        listener?.acceptRestAndClose()
    }

    func stop() {
        waitingClients = []
        listener?.close()
        stream?.close()
        // The listener holds on to the server, and the server to it.
        listener = nil
        stream = nil
    }
}

/// Runs `body` with a server that listens, on a loop of its own.
func withStreamServer(
    at address: SocketAddress = .ipv4(host: "127.0.0.1", port: 0),
    _ body: (StreamServer) async throws -> Void
) async throws {
    SignalWatcher.ignoreBrokenPipes()
    try await withLoops(1) { loops in
        let server = try StreamServer(on: loops[0], at: address)
        try await server.listen()
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

/// A value that goes from one place to another on the same thread.
@unsafe
private struct Sent<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        unsafe self.value = value
    }
}

private final class StreamHandler: ByteStreamHandler {
    private let tell: (StreamServer.Event, [UInt8], LibuvError?) -> Void

    init(_ tell: @escaping (StreamServer.Event, [UInt8], LibuvError?) -> Void) {
        self.tell = tell
    }

    func didRead(_ bytes: borrowing Span<UInt8>) {
        tell(.read, unsafe bytes.withUnsafeBytes { unsafe Array($0) }, nil)
    }

    func didReachEnd() { tell(.end, [], nil) }
    func didDrainPartly() { tell(.partialDrain, [], nil) }
    func didDrain() { tell(.drain, [], nil) }
    func didFail(_ error: LibuvError) { tell(.failure, [], error) }
    func didClose() { tell(.close, [], nil) }
}
