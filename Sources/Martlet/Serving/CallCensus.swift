internal import Synchronization

/// Counts the calls that run, on all loops, and knows when the last one has ended.
package final class CallCensus: Sendable {
    /// Seconds that tools have to end in when the server stops.
    package static let stopSecondsMax = 5

    private enum Stop {
        case none
        case waiting(CheckedContinuation<Void, Never>, secondsLeft: Int)
        /// Nobody waits any longer, whatever runs.
        case over
    }

    private let countMax: Int
    private let running = Atomic<Int>(0)
    private let stop = Mutex(Stop.none)

    package init(countMax: Int) {
        self.countMax = countMax
    }

    /// Calls that run now, those included whose client has gone.
    package var count: Int { running.load(ordering: .relaxed) }

    /// Counts a call that begins, unless as many run as may.
    package func admit() -> Bool {
        guard running.add(1, ordering: .relaxed).oldValue < countMax else {
            running.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// A call has ended.
    package func end() {
        running.subtract(1, ordering: .relaxed)
    }

    /// Returns when nothing runs, or when tools have had their time.
    ///
    /// - Precondition: Called once, while the clock still ticks.
    package func waitUntilEmpty() async {
        await withCheckedContinuation { waiter in
            let isOver = stop.withLock { stop in
                if case .over = stop { return true }
                guard count > 0 else { return true }
                stop = .waiting(waiter, secondsLeft: Self.stopSecondsMax)
                return false
            }
            if isOver { waiter.resume() }
        }
    }

    /// A second has passed.
    package func tick() {
        let waiter = stop.withLock { stop -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let waiter, let secondsLeft) = stop else { return nil }
            guard count == 0 || secondsLeft <= 1 else {
                stop = .waiting(waiter, secondsLeft: secondsLeft - 1)
                return nil
            }
            stop = .over
            return waiter
        }
        waiter?.resume()
    }

    /// Has nobody wait for a call, now or later.
    package func leaveRunning() {
        let waiter = stop.withLock { stop -> CheckedContinuation<Void, Never>? in
            defer { stop = .over }
            guard case .waiting(let waiter, _) = stop else { return nil }
            return waiter
        }
        waiter?.resume()
    }
}
