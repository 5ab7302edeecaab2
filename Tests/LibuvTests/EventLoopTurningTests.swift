import Libuv
import TestSupport
import Testing

@Suite("A loop that is turned by hand")
struct EventLoopTurningTests {
    @Test func `What was left for it is done in its next turn, and not before`() throws {
        let loop = try EventLoop()
        let journal = Journal<String>()
        loop.submit { journal.note("work") }
        Task(executorPreference: loop) { journal.note("job") }
        #expect(loop.isReady)
        #expect(journal.events == [])
        loop.turn()
        loop.turn()
        #expect(Set(journal.events) == ["work", "job"])
        #expect(!loop.isReady)
        #expect(loop.end())
    }

    @Test func `It is the current loop in its turn only`() throws {
        let loop = try EventLoop()
        let journal = Journal<Bool>()
        #expect(loop.isIsolatingCurrentContext() == false)
        loop.submit { [loop] in
            journal.note(EventLoop.current === loop && loop.isIsolatingCurrentContext() == true)
        }
        loop.turn()
        #expect(journal.events == [true])
        #expect(EventLoop.current == nil)
        #expect(loop.end())
    }

    @Test func `Two loops of one thread leave each other work as if there were two`() throws {
        let loops = [try EventLoop(), try EventLoop()]
        let journal = Journal<String>()
        loops[0].submit {
            journal.note("first")
            loops[1].submit {
                journal.note("second")
                loops[0].submit { journal.note("first again") }
            }
        }
        loops[0].turn()
        #expect(journal.events == ["first"])
        loops[1].turn()
        #expect(journal.events == ["first", "second"])
        #expect(loops[0].isReady)
        loops[0].turn()
        #expect(journal.events == ["first", "second", "first again"])
        for loop in loops { #expect(loop.end()) }
    }

    @Test func `A job that begins another is ready for one more turn`() throws {
        let loop = try EventLoop()
        let journal = Journal<Int>()
        Task(executorPreference: loop) {
            for step in 0..<40 {
                journal.note(step)
                await Task.yield()
            }
        }
        var turnCount = 0
        while loop.isReady {
            loop.turn()
            turnCount += 1
        }
        #expect(journal.events == Array(0..<40))
        #expect(turnCount > 1)
        #expect(loop.end())
    }

    @Test func `Stopping a group of such loops waits for nobody`() throws {
        let group = EventLoopGroup(turned: [try EventLoop()])
        group.stop()
        let loop = group.loops[0]
        while loop.isReady { loop.turn() }
        #expect(loop.end())
    }

    @Test func `A loop on which something is open says so at its end`() throws {
        let loop = try EventLoop()
        loop.submit { [loop] in _ = Ticker(on: loop, everyMilliseconds: 1_000) {} }
        loop.turn()
        #expect(!loop.end())
    }
}
