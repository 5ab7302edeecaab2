internal import Libuv

/// What a process is asked for by signals, one after the other.
actor ProcessSignals {
    private let loop: EventLoop
    private var watchers: [SignalWatcher] = []
    private let arrivals: AsyncStream<SignalWatcher.Signal>
    private let continuation: AsyncStream<SignalWatcher.Signal>.Continuation

    /// Signals that nobody has looked at yet; more of them say nothing new.
    private static let waitingCountMax = 16

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the loop lives until the process ends.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) {
        self.loop = loop
        (arrivals, continuation) = AsyncStream<SignalWatcher.Signal>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.waitingCountMax)
        )
    }

    /// Begins to watch: a signal from here on is not lost, and does not end the process.
    ///
    /// - Throws: ``LibuvError`` when the process is out of file descriptors.
    func watch(_ signals: [SignalWatcher.Signal]) throws(LibuvError) {
        let continuation = continuation
        for signal in signals {
            watchers.append(
                try SignalWatcher(signal, on: loop) { continuation.yield(signal) }
            )
        }
    }

    /// The next signal, waited for by one task at a time.
    ///
    /// - Returns: `nil` once this is closed.
    nonisolated func next() async -> SignalWatcher.Signal? {
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
