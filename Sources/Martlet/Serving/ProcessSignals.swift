internal import Libuv

/// What a process is asked for, by signals or by its successor, one after the other.
actor ProcessSignals {
    enum Request: Sendable {
        /// SIGTERM, SIGINT
        case end
        /// SIGHUP
        case reload
        /// Another process takes the place of this one.
        case handOver(SuccessorWatch.Readiness)
    }

    private let loop: EventLoop
    private var watchers: [SignalWatcher] = []
    private let arrivals: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation

    /// Requests that nobody has looked at yet; more of them say nothing new.
    private static let waitingCountMax = 16

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the loop lives until the process ends.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) {
        self.loop = loop
        (arrivals, continuation) = AsyncStream<Request>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.waitingCountMax)
        )
    }

    /// Begins to watch: a signal from here on is not lost, and does not end the process.
    ///
    /// - Parameter isReloadable: Whether SIGHUP is watched as well.
    /// - Throws: ``LibuvError`` when the process is out of file descriptors.
    func watch(isReloadable: Bool) throws(LibuvError) {
        try watch(.interrupt, as: .end)
        try watch(.terminate, as: .end)
        if isReloadable { try watch(.hangUp, as: .reload) }
    }

    private func watch(
        _ signal: SignalWatcher.Signal,
        as request: Request
    ) throws(LibuvError) {
        watchers.append(
            try SignalWatcher(signal, on: loop) { [continuation] in continuation.yield(request) }
        )
    }

    nonisolated func ask(for request: Request) {
        continuation.yield(request)
    }

    /// The next request, waited for by one task at a time.
    ///
    /// - Returns: `nil` once this is closed.
    nonisolated func next() async -> Request? {
        var iterator = arrivals.makeAsyncIterator()
        return await iterator.next()
    }

    /// Ends watching: signals mean again what they mean to any process.
    func close() {
        for watcher in watchers { watcher.close() }
        watchers = []
        continuation.finish()
    }
}
