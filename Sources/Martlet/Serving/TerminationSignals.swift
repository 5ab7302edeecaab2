internal import Libuv

/// Waits for SIGTERM or SIGINT on a loop.
actor TerminationSignals {
    private let loop: EventLoop
    private var watchers: [SignalWatcher] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private var hasArrived = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the loop lives until the process ends.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) {
        self.loop = loop
    }

    /// Begins to watch: a signal from here on is not lost.
    ///
    /// - Throws: ``LibuvError`` when the process is out of file descriptors.
    func watch() throws(LibuvError) {
        for signal in [SignalWatcher.Signal.interrupt, .terminate] {
            watchers.append(
                try SignalWatcher(signal, on: loop) { self.assumeIsolated { $0.arrive() } }
            )
        }
    }

    /// Returns when the first of the signals has arrived.
    func wait() async {
        guard !hasArrived else { return }
        await withCheckedContinuation { waiter = $0 }
        for watcher in watchers { watcher.close() }
        watchers = []
    }

    private func arrive() {
        hasArrived = true
        waiter?.resume()
        waiter = nil
    }
}
