internal import Synchronization

/// What happened, noted from any thread and waited for by a test.
public final class Journal<Event: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let event: Event
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [Event] = []
        var counts: [Event: Int] = [:]
        var waiters: [Waiter] = []

        func count(of event: Event) -> Int { counts[event, default: 0] }
    }

    private let state = Mutex(State())

    public init() {}

    /// All events so far, in order.
    public var events: [Event] { state.withLock { $0.events } }

    public func count(of event: Event) -> Int {
        state.withLock { $0.count(of: event) }
    }

    public func note(_ event: Event) {
        let due = state.withLock { state in
            state.events.append(event)
            state.counts[event, default: 0] += 1
            let waiters = state.waiters
            let count = state.count(of: event)
            state.waiters = waiters.filter { $0.event != event || $0.count > count }
            return waiters.filter { $0.event == event && $0.count <= count }
        }
        for waiter in due { waiter.continuation.resume() }
    }

    /// Returns once `event` has been noted `count` times.
    public func wait(for event: Event, count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.count(of: event) >= count { return true }
                state.waiters.append(
                    Waiter(event: event, count: count, continuation: continuation)
                )
                return false
            }
            if isDue { continuation.resume() }
        }
    }
}
