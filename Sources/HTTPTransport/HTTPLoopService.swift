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
    private let intake: HTTPIntake
    private let makeHandler: @Sendable (Int, SendQueues) -> (() -> any HTTPRequestHandler)

    private var loop: HTTPLoop?
    private var listeners: [Listener] = []
    private var ticker: Ticker?

    /// Who waits for a time to pass, unless the end is to come at once.
    private var pause: (timer: OneShotTimer, waiter: CheckedContinuation<Void, Never>)?
    private var mustEndAtOnce = false

    /// From the last handshake that is let in to the end of accepting: what was on its way has come.
    private static let handshakeMilliseconds: UInt64 = 250

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the loop lives until the process ends.
        unsafe eventLoop.asUnownedSerialExecutor()
    }

    init(
        on eventLoop: EventLoop,
        index: Int,
        limits: HTTPServerLimits,
        census: ConnectionCensus,
        intake: HTTPIntake,
        makeHandler: @escaping @Sendable (Int, SendQueues) -> (() -> any HTTPRequestHandler)
    ) {
        self.eventLoop = eventLoop
        self.index = index
        self.limits = limits
        self.census = census
        self.intake = intake
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

    func announceDrain(forSeconds seconds: Int) async {
        startedLoop().announceDrain()
        guard seconds > 0 else { return }
        await pause(forMilliseconds: Self.seconds(seconds) * 1_000)
        for listener in listeners { listener.refuseNewcomers() }
        await pause(forMilliseconds: Self.handshakeMilliseconds)
    }

    func leaveListening(_ others: HTTPServer.OtherListeners) {
        for listener in listeners { listener.isShared = true }
        guard others == .accepting else { return }
        for listener in listeners { listener.close() }
        listeners = []
    }

    func claimListening() {
        for listener in listeners { listener.isShared = false }
    }

    func drain(withinSeconds seconds: Int) async {
        for listener in listeners {
            listener.refuseNewcomers()
            listener.acceptRestAndClose()
        }
        listeners = []
        guard let loop else { return }
        let graceMilliseconds = Self.seconds(max(seconds, 1)) * 1_000
        let grace = Ticker(on: eventLoop, everyMilliseconds: graceMilliseconds) {
            loop.closeAll()
        }
        await withCheckedContinuation { continuation in
            loop.drain { continuation.resume() }
            if mustEndAtOnce { loop.closeAll() }
        }
        grace.close()
        ticker?.close()
        ticker = nil
    }

    func endAtOnce() {
        mustEndAtOnce = true
        endPause()
        if loop?.stage == .draining { loop?.closeAll() }
    }

    private func pause(forMilliseconds milliseconds: UInt64) async {
        guard !mustEndAtOnce else { return }
        await withCheckedContinuation { continuation in
            let timer = OneShotTimer(on: eventLoop) { self.assumeIsolated { $0.endPause() } }
            timer.start(afterMilliseconds: milliseconds)
            pause = (timer, continuation)
        }
    }

    private func endPause() {
        guard let pause else { return }
        self.pause = nil
        pause.timer.close()
        pause.waiter.resume()
    }

    private static func seconds(_ seconds: Int) -> UInt64 {
        UInt64(min(max(seconds, 0), graceSecondsMax))
    }

    private func startedLoop() -> HTTPLoop {
        if let loop { return loop }
        let sendQueues = SendQueues(of: eventLoop)
        let loop = HTTPLoop(
            eventLoop: eventLoop,
            limits: limits,
            census: census,
            intake: intake,
            sendQueues: sendQueues,
            makeHandler: makeHandler(index, sendQueues)
        )
        self.loop = loop
        ticker = Ticker(on: eventLoop, everyMilliseconds: limits.tickMilliseconds) {
            loop.advance()
        }
        return loop
    }
}
