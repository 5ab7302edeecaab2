import Libuv
import TestSupport
import Testing

@Suite("Event loop")
struct EventLoopTests {
    @Test func `Actors of one loop call each other within one turn`() async throws {
        try await withLoops(1) { loops in
            let callee = Callee(on: loops[0])
            let turns = Journal<Int>()
            loops[0].submit { [loop = loops[0]] in
                loop.startTask(with: Caller(on: loop)) { caller in
                    turns.note(await caller.turnsPassedWhileCalling(callee))
                }
            }
            await turns.wait(for: 0)
        }
    }

    @Test func `Actors of one loop call each other on its thread in a task from elsewhere`()
        async throws
    {
        try await withLoops(1) { loops in
            let caller = Caller(on: loops[0])
            let places = await caller.placesWhileCalling(Callee(on: loops[0]))
            #expect(places == [loops[0], loops[0], loops[0]].map { ObjectIdentifier($0) })
        }
    }

    @Test func `An actor of another loop is called there and the caller comes back`() async throws {
        try await withLoops(2) { loops in
            let caller = Caller(on: loops[0])
            let places = await caller.placesWhileCalling(Callee(on: loops[1]))
            #expect(places == [loops[0], loops[1], loops[0]].map { ObjectIdentifier($0) })
        }
    }

    @Test func `A task runs at once up to its first suspension`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                journal.note("before")
                loop.startTask(with: Counter()) { _ in
                    journal.note("started")
                    await Task.yield()
                    journal.note("resumed")
                }
                journal.note("after")
            }
            await journal.wait(for: "resumed")
            #expect(journal.events == ["before", "started", "after", "resumed"])
        }
    }

    @Test func `A task stays on its loop when another thread resumes it`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<Bool>()
            loops[0].submit { [loop = loops[0]] in
                loop.startTask(with: Counter()) { counter in
                    for _ in 1...100 {
                        await resumedByAnotherThread()
                        if EventLoop.current === loop { counter.count += 1 }
                    }
                    journal.note(counter.count == 100)
                }
            }
            await journal.wait(for: true)
        }
    }

    @Test func `What a task owns is released when the task ends`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                loop.startTask(with: Mortal(journal)) { _ in await Task.yield() }
            }
            await journal.wait(for: "released")
        }
    }

    @Test func `A job that reschedules itself for ever does not starve the sockets`() async throws {
        try await withStreamServer { server in
            let journal = Journal<String>()
            async let spinning: Void = server.spin(
                started: { journal.note("spinning") },
                until: { journal.count(of: "enough") > 0 }
            )
            await journal.wait(for: "spinning")
            let client = try RawClient(to: server.address)
            try client.send("ping")
            await server.journal.wait(for: .read)
            #expect(await server.receivedBytes == Array("ping".utf8))
            journal.note("enough")
            await spinning
        }
    }

    @Test func `Work runs in the order of its submission`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<Int>()
            for number in 0..<1_000 {
                loops[0].submit { journal.note(number) }
            }
            await journal.wait(for: 999)
            #expect(journal.events == Array(0..<1_000))
        }
    }

    @Test func `Work that several threads submit is all done, each thread's in its order`()
        async throws
    {
        try await withLoops(1) { loops in
            let journal = Journal<Int>()
            let threads = try (0..<4).map { thread in
                try NativeThread(name: "submitter") { [loop = loops[0]] in
                    for number in 0..<500 {
                        loop.submit { journal.note(thread * 1_000 + number) }
                    }
                }
            }
            for thread in threads { thread.join() }
            for thread in 0..<4 { await journal.wait(for: thread * 1_000 + 499) }
            for thread in 0..<4 {
                let own = journal.events.filter { $0 / 1_000 == thread }
                #expect(own == (0..<500).map { thread * 1_000 + $0 })
            }
        }
    }

    @Test func `Work for the end of a turn runs once, after the jobs of the turn`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                loop.atEndOfTurn { journal.note("end") }
                loop.startTask(with: Counter()) { _ in
                    await Task.yield()
                    journal.note("job")
                }
            }
            await journal.wait(for: "end")
            loops[0].submit { journal.note("next turn") }
            await journal.wait(for: "next turn")
            #expect(journal.events == ["job", "end", "next turn"])
        }
    }

    @Test func `Work submitted before the loop runs is not lost`() async throws {
        let loop = try EventLoop()
        let journal = Journal<Int>()
        loop.submit { journal.note(1) }
        loop.submit { journal.note(2) }
        let thread = try NativeThread(name: "late") { loop.run() }
        await journal.wait(for: 2)
        #expect(journal.events == [1, 2])
        loop.stop()
        thread.join()
    }

    @Test func `A thread without a loop has no current loop`() {
        #expect(EventLoop.current == nil)
    }
}

private final class Counter {
    var count = 0
}

private final class Mortal {
    private let journal: Journal<String>

    init(_ journal: Journal<String>) {
        self.journal = journal
    }

    deinit {
        journal.note("released")
    }
}

private func resumedByAnotherThread() async {
    var thread: NativeThread?
    await withCheckedContinuation { continuation in
        do {
            thread = try NativeThread(name: "resumer") { continuation.resume() }
        } catch {
            Issue.record(error)
            continuation.resume()
        }
    }
    thread?.join()
}

private actor Callee {
    private let loop: EventLoop
    private var calls = 0

    init(on loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    func call() -> ObjectIdentifier? {
        calls += 1
        return EventLoop.current.map { ObjectIdentifier($0) }
    }
}

private actor Caller {
    private let loop: EventLoop

    init(on loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    func turnsPassedWhileCalling(_ callee: Callee) async -> Int {
        let turns = Journal<String>()
        loop.atEndOfTurn { turns.note("end of turn") }
        for _ in 1...100 { _ = await callee.call() }
        return turns.events.count
    }

    func placesWhileCalling(_ callee: Callee) async -> [ObjectIdentifier?] {
        let before = EventLoop.current.map { ObjectIdentifier($0) }
        let during = await callee.call()
        return [before, during, EventLoop.current.map { ObjectIdentifier($0) }]
    }
}
