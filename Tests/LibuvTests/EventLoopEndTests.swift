import Libuv
import Synchronization
import TestSupport
import Testing

@Suite("The end of an event loop")
struct EventLoopEndTests {
    @Test func `A loop ends while other threads are about to wake it up`() throws {
        for _ in 0..<100 {
            let group = try EventLoopGroup(count: 1)
            let wakers = try Wakers(of: group.loops[0])
            group.stop()
            wakers.end()
        }
    }
}

/// Threads that have nothing else to do than to leave work for a loop.
private final class Wakers: Sendable {
    private let isOver = Shared()
    private let threads: [NativeThread]

    private final class Shared: Sendable {
        let value = Atomic<Bool>(false)
    }

    init(of loop: EventLoop) throws {
        threads = try (0..<3).map { [isOver] _ in
            try NativeThread(name: "waker") {
                while !isOver.value.load(ordering: .relaxed) { loop.submit {} }
            }
        }
    }

    func end() {
        isOver.value.store(true, ordering: .relaxed)
        for thread in threads { thread.join() }
    }
}
