import Martlet
import Testing

@Suite("Failures that are logged")
struct FailureLogTests {
    @Test func `A cause is reported once a minute, and every cause by itself`() {
        var log = FailureLog<String>(intervalSeconds: 60)
        let reported = (0...120).filter { log.admits("down", at: UInt64($0) * 1_000) }
        #expect(reported == [0, 60, 120])
        let others = [("empty", 121), ("down", 121), ("empty", 180), ("empty", 181)].map {
            log.admits($0, at: $1 * 1_000)
        }
        #expect(others == [true, false, false, true])
    }
}
