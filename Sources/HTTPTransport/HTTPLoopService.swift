internal import HTTP1
internal import Libuv

/// The part of a server that lives on one loop, as the rest of the process sees it.
actor HTTPLoopService {
    /// A day: whoever waits longer is not stopping.
    private static let graceSecondsMax = 86_400

    private let eventLoop: EventLoop
    private let index: Int
    private let limits: HTTPServerLimits
    private let census: ConnectionCensus
    private let makeHandler: @Sendable (Int) -> (() -> any HTTPRequestHandler)

    private var loop: HTTPLoop?
    private var listeners: [Listener] = []
    private var ticker: Ticker?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the loop lives until the process ends.
        unsafe eventLoop.asUnownedSerialExecutor()
    }

    init(
        on eventLoop: EventLoop,
        index: Int,
        limits: HTTPServerLimits,
        census: ConnectionCensus,
        makeHandler: @escaping @Sendable (Int) -> (() -> any HTTPRequestHandler)
    ) {
        self.eventLoop = eventLoop
        self.index = index
        self.limits = limits
        self.census = census
        self.makeHandler = makeHandler
    }

    func listen(
        on socket: ListeningSocket,
        didFail: @escaping @Sendable (LibuvError) -> Void
    ) throws(LibuvError) {
        let loop = startedLoop()
        let listener = try Listener(
            socket,
            on: eventLoop,
            backlog: limits.backlog,
            didFail: didFail
        ) { stream in loop.accept(stream) }
        listeners.append(listener)
    }

    func drain(withinSeconds seconds: Int) async {
        for listener in listeners { listener.close() }
        listeners = []
        guard let loop else { return }
        let graceSeconds = min(max(seconds, 1), Self.graceSecondsMax)
        let grace = Ticker(on: eventLoop, everyMilliseconds: UInt64(graceSeconds) * 1_000) {
            loop.closeAll()
        }
        await withCheckedContinuation { continuation in
            loop.drain { continuation.resume() }
        }
        grace.close()
        ticker?.close()
        ticker = nil
    }

    private func startedLoop() -> HTTPLoop {
        if let loop { return loop }
        let loop = HTTPLoop(
            eventLoop: eventLoop,
            limits: limits,
            census: census,
            makeHandler: makeHandler(index)
        )
        self.loop = loop
        ticker = Ticker(on: eventLoop, everyMilliseconds: limits.tickMilliseconds) {
            loop.advance()
        }
        return loop
    }
}
