import Libuv
import TestSupport
import Testing

@Suite("One-shot timer")
struct OneShotTimerTests {
    @Test func `A timer fires once for each start, and never within it`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                let alarm = Alarm()
                alarm.timer = OneShotTimer(on: loop) {
                    journal.note("fired")
                    if alarm.restartCount > 0 {
                        alarm.restartCount -= 1
                        alarm.timer?.start(afterMilliseconds: 0)
                        journal.note("started")
                    } else {
                        alarm.timer?.close()
                        alarm.timer = nil
                        journal.note("closed")
                    }
                }
                alarm.timer?.start(afterMilliseconds: 0)
                journal.note("started")
            }
            await journal.wait(for: "closed")
            #expect(
                journal.events == [
                    "started", "fired", "started", "fired", "started", "fired", "closed",
                ]
            )
        }
    }

    @Test func `A timer that was stopped, started later or closed does not fire`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                let stopped = OneShotTimer(on: loop) { journal.note("stopped") }
                stopped.start(afterMilliseconds: 1)
                stopped.stop()
                let postponed = OneShotTimer(on: loop) { journal.note("postponed") }
                postponed.start(afterMilliseconds: 1)
                postponed.start(afterMilliseconds: 86_400_000)
                let closed = OneShotTimer(on: loop) { journal.note("closed") }
                closed.start(afterMilliseconds: 1)
                closed.close()
                closed.start(afterMilliseconds: 1)
                let last = OneShotTimer(on: loop) {
                    journal.note("last")
                    stopped.close()
                    postponed.close()
                }
                last.start(afterMilliseconds: 20)
            }
            await journal.wait(for: "last")
            #expect(journal.events == ["last"])
        }
    }
}

private final class Alarm {
    var timer: OneShotTimer?
    var restartCount = 2
}
