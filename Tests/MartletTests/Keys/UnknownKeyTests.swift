import JWT
import Martlet
import Testing

@Suite("Tokens that name an unknown key (RFC 7515 §4.1.4)")
struct UnknownKeyTests {
    @Test func `A rotated key is asked for at once, however new the set is`() throws {
        let old = try key("old")
        let new = try key("new")
        var clock = KeyClock(having: [old])
        #expect(clock.answer(to: "new") == .wait)
        #expect(clock.demand("new") == .fetch)
        #expect(clock.answer(to: "new") == .wait)
        #expect(clock.fetched([old, new]) == .publish)
        #expect(clock.view.keys == [old, new])
        #expect(clock.fetchCount == 2)
    }

    @Test func `A flood of made-up keys causes one fetch in each cool-down`() throws {
        let keys = [try key("a")]
        var limits = KeyRefresh()
        limits.lifetimeSecondsDefault = 86_400
        var clock = KeyClock(limits, having: keys)
        for second in 0..<300 {
            for number in 0..<1_000 {
                let keyID = "made up \(second)-\(number)"
                guard clock.answer(to: keyID) == .wait else { continue }
                clock.demand(keyID)
            }
            if clock.isFetching { clock.fetched(keys) }
            clock.pass(seconds: 1)
        }
        // The first set, and one at 0, 30, … 270 seconds.
        #expect(clock.fetchCount == 1 + 10)
    }

    @Test func `Every loop may ask for the same key, and one fetch serves them all`() throws {
        var clock = KeyClock(having: [try key("a")])
        let actions = (0..<16).map { _ in clock.demand("b") }
        #expect(actions == [.fetch] + Array(repeating: .nothing, count: 15))
        clock.fetched([try key("a"), try key("b")])
        #expect(clock.fetchCount == 2)
    }

    @Test func `A loop that asked before it heard of the new set hears of it, and fetches nothing`()
        throws
    {
        let keys = [try key("a"), try key("b")]
        var limits = KeyRefresh()
        limits.coolDownSeconds = 0
        var clock = KeyClock(limits, having: keys)
        let seen = clock.view.generation
        clock.pass(seconds: 720)
        clock.fetched([try key("c")])
        #expect(clock.demand("c", seen: seen) == .publish)
        clock.pass(seconds: 720)
        // The result of a fetch in flight comes to all.
        #expect(clock.demand("d", seen: seen) == .publish)
        #expect(clock.demand("d") == .nothing)
        #expect(clock.fetchCount == 3)
    }

    @Test
    func `A forged token that begins the cool-down has no honest one refused after a rotation`()
        throws
    {
        let old = try key("old")
        let new = try key("new")
        var clock = KeyClock(having: [old])
        clock.demand("forged")
        clock.fetched([old])
        // The issuer rotates now, and has told nobody.
        #expect(clock.answer(to: "forged") == .refuse)
        #expect(clock.answer(to: "new") == .unavailable(retryAfterSeconds: 31))
        #expect(clock.demand("new") == .publish)
        clock.pass(seconds: 29)
        #expect(clock.answer(to: "new") == .unavailable(retryAfterSeconds: 2))
        clock.pass(seconds: 1)
        #expect(clock.answer(to: "new") == .wait)
        #expect(clock.demand("new") == .fetch)
        clock.fetched([old, new])
        #expect(clock.view.keys == [old, new])
        #expect(clock.fetchCount == 3)
    }

    @Test(arguments: ["x", nil])
    func `Within the cool-down a name is refused only if a fetch has looked for it`(keyID: String?)
        throws
    {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand(keyID)
        clock.fetched(keys)
        #expect(clock.answer(to: keyID) == .refuse)
        for other in ["x", "y", nil] where other != keyID {
            #expect(clock.answer(to: other) == .unavailable(retryAfterSeconds: 31))
        }
    }

    @Test func `A withdrawn key is refused in the cool-down, and asked for again after it`() throws
    {
        let kept = try key("kept")
        var clock = KeyClock(having: [kept, try key("withdrawn")])
        clock.demand("x")
        clock.fetched([kept])
        #expect(clock.answer(to: "withdrawn") == .refuse)
        clock.pass(seconds: 30)
        // The set may have come from one server of several that is behind the others.
        #expect(clock.answer(to: "withdrawn") == .wait)
    }

    @Test func `A refresh that was due anyway begins no cool-down`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.pass(seconds: 720)
        clock.fetched(keys)
        #expect(clock.demand("b") == .fetch)
    }

    @Test(arguments: ["x", nil])
    func `A key that was looked for in vain is refused until the set changes`(keyID: String?)
        throws
    {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand(keyID)
        clock.fetched(keys)
        clock.pass(seconds: 60)
        #expect(clock.answer(to: keyID) == .refuse)
        #expect(clock.demand(keyID) == .publish)
        // Another one is looked for, and brings a set that may have the first.
        #expect(clock.demand("b") == .fetch)
        clock.fetched(keys + [try key("b")])
        clock.pass(seconds: 30)
        #expect(clock.answer(to: keyID) == .wait)
    }

    @Test func `The next refresh that is due forgets what was looked for in vain`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand("x")
        clock.fetched(keys)
        clock.pass(seconds: 719)
        #expect(clock.answer(to: "x") == .refuse)
        clock.pass(seconds: 1)
        #expect(clock.answer(to: "x") == .wait)
        clock.fetched(keys)
        #expect(clock.answer(to: "x") == .wait)
    }

    @Test func `A key published while an older set is on its way is not taken for absent`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        #expect(clock.demand("forged") == .fetch)
        // The answer has left the issuer; then it rotates, and signs with the new key.
        #expect(clock.answer(to: "new") == .wait)
        #expect(clock.demand("new") == .nothing)
        clock.fetched(keys)
        #expect(clock.answer(to: "forged") == .refuse)
        #expect(clock.answer(to: "new") == .unavailable(retryAfterSeconds: 31))
    }

    @Test func `A key that is asked for during a fetch is looked for by the next one`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.pass(seconds: 720)
        #expect(clock.demand("x") == .nothing)
        clock.fetched(keys)
        #expect(clock.answer(to: "x") == .wait)
        #expect(clock.demand("y") == .fetch)
        clock.fetched(keys)
        #expect(clock.answer(to: "x") == .refuse)
        #expect(clock.answer(to: "y") == .refuse)
    }

    @Test func `What a failed fetch has looked for the next attempt looks for again`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand("x")
        clock.failed()
        clock.pass(seconds: 1)
        clock.fetched(keys)
        #expect(clock.answer(to: "x") == .refuse)
    }

    @Test func `As many absent keys are remembered as the limit says, and no more`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.pass(seconds: 720)
        let countMax = KeyRefresh.absentKeyIDCountMax
        for number in 0...countMax { clock.demand("\(number)") }
        // Asked for during this fetch, they are looked for by the next.
        clock.fetched(keys)
        #expect(clock.demand("0") == .fetch)
        clock.fetched(keys)
        let remembered = (0...countMax).filter { clock.answer(to: "\($0)") == .refuse }
        #expect(remembered.count == countMax)
    }

    @Test func `After a failed fetch nothing is refused: it may be a key that did not come`()
        throws
    {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand("new")
        clock.failed()
        #expect(clock.answer(to: "new") == .unavailable(retryAfterSeconds: 2))
        #expect(clock.demand("new") == .publish)
        // Nor does anything that is asked for bring the next attempt nearer.
        #expect(clock.fetchCount == 2)
        clock.pass(seconds: 1)
        #expect(clock.answer(to: "new") == .wait)
        clock.fetched(keys + [try key("new")])
        #expect(clock.view.keys.count == 2)
    }

    @Test func `A key known to be absent is unavailable, too, once the set cannot be had`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.demand("x")
        clock.fetched(keys)
        #expect(clock.answer(to: "x") == .refuse)
        clock.pass(seconds: 720)
        clock.failed()
        #expect(clock.answer(to: "x") == .unavailable(retryAfterSeconds: 2))
    }

    @Test func `Without any key a token waits for the first fetch, and then for the next attempt`()
        throws
    {
        var clock = KeyClock()
        #expect(clock.view.answerWithoutKeys(at: clock.now) == .wait)
        #expect(KeySourceView.initial.answerWithoutKeys(at: 0) == .wait)
        clock.pass(seconds: 0)
        #expect(clock.view.answerWithoutKeys(at: clock.now) == .wait)
        for wait in [1, 2, 4] {
            clock.failed()
            #expect(
                clock.view.answerWithoutKeys(at: clock.now)
                    == .unavailable(retryAfterSeconds: wait + 1)
            )
            clock.pass(seconds: wait)
            #expect(clock.view.answerWithoutKeys(at: clock.now) == .wait)
        }
    }

    @Test func `Whoever comes when the wait is over is sent away for a second at least`() {
        var clock = KeyClock()
        clock.pass(seconds: 0)
        clock.failed()
        let late = clock.now + 5_000
        #expect(clock.view.answerWithoutKeys(at: late) == .unavailable(retryAfterSeconds: 1))
    }
}
