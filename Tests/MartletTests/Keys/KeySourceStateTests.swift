import JWT
import Martlet
import Testing

@Suite("When key sets are fetched (RFC 7517 §5, RFC 9111 §4.2)")
struct KeySourceStateTests {
    @Test func `The first look fetches, and nothing is fetched twice at a time`() {
        var clock = KeyClock()
        clock.pass(seconds: 30)
        for keyID in ["a", "b", nil] { #expect(clock.demand(keyID) == .nothing) }
        #expect(clock.fetchCount == 1)
    }

    @Test(arguments: [
        // The server's word, and what is made of it.
        (nil, 900), (60, 60), (59, 60), (0, 60), (61, 61), (3_600, 3_600), (86_400, 86_400),
        (86_401, 86_400), (Int.max, 86_400),
    ])
    func `A set is fetched again when four fifths of its bounded lifetime are over`(
        lifetime: Int?,
        bounded: Int
    ) throws {
        var clock = KeyClock()
        clock.pass(seconds: 0)
        clock.fetched([try key("a")], lifetimeSeconds: lifetime)
        let refreshSeconds = (bounded * 8 + 9) / 10
        clock.pass(seconds: refreshSeconds - 1)
        #expect(clock.fetchCount == 1)
        clock.pass(seconds: 1)
        #expect(clock.fetchCount == 2)
    }

    @Test func `Every source has its own place in the last tenth before that, always the same`()
        throws
    {
        let keys = [try key("a")]
        var refreshes: [UInt64] = []
        for seed: UInt64 in [0, 1, 50, 100, 101, .max] {
            var clock = KeyClock(seed: seed)
            clock.pass(seconds: 0)
            clock.fetched(keys, lifetimeSeconds: 1_000)
            guard case .resting(let until, .succeeded) = clock.view.activity else {
                Issue.record("the set was fetched")
                return
            }
            refreshes.append((until - clock.now) / 1_000)
        }
        #expect(refreshes == [800, 799, 750, 700, 800, 800 - UInt64.max % 101])
    }

    @Test func `Keys that are the same in another order are no change`() throws {
        let keys = [try key("a"), try key("b")]
        var clock = KeyClock(having: keys)
        let generation = clock.view.generation
        clock.pass(seconds: 720)
        clock.fetched(keys.reversed())
        #expect(clock.view.generation == generation)
        clock.pass(seconds: 720)
        clock.fetched([keys[1]])
        #expect(clock.view.generation == generation + 1)
        #expect(clock.view.keys == [keys[1]])
    }

    @Test func `A key of the same name that is another key is a change`() throws {
        var clock = KeyClock(having: [try key("a")])
        let other = try key("a")
        clock.pass(seconds: 720)
        clock.fetched([other])
        #expect(clock.view.generation == 2)
        #expect(clock.view.keys == [other])
    }

    @Test func `Failures are tried again after 1, 2, 4 … 60 seconds`() throws {
        var clock = KeyClock()
        clock.pass(seconds: 0)
        for wait in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            clock.failed()
            let count = clock.fetchCount
            clock.pass(seconds: wait - 1)
            #expect(clock.fetchCount == count)
            clock.pass(seconds: 1)
            #expect(clock.fetchCount == count + 1)
        }
        // What has worked once begins anew.
        clock.fetched([try key("a")])
        clock.pass(seconds: 720)
        clock.failed()
        let count = clock.fetchCount
        clock.pass(seconds: 1)
        #expect(clock.fetchCount == count + 1)
    }

    @Test func `A thousand failures in a row overflow nothing`() {
        var clock = KeyClock()
        clock.pass(seconds: 0)
        for _ in 0..<1_000 {
            clock.failed()
            clock.pass(seconds: 60)
        }
        #expect(clock.fetchCount == 1_001)
    }

    @Test func `Through an hour without the issuer the keys stay, and its return is noticed`()
        throws
    {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        for _ in 0..<3_600 {
            clock.pass(seconds: 1)
            if clock.isFetching { clock.failed() }
            #expect(clock.view.keys == keys)
        }
        #expect(clock.view.generation == 1)
        // About one attempt a minute since the set was due, and no more.
        #expect((40...60).contains(clock.fetchCount))
        let rotated = [try key("b")]
        clock.pass(seconds: 60)
        #expect(clock.isFetching)
        clock.fetched(rotated)
        #expect(clock.view.keys == rotated)
        #expect(clock.view.activity != .fetching)
    }

    @Test func `Where staleness is limited the keys go when their time is over, and not before`()
        throws
    {
        var limits = KeyRefresh()
        limits.staleSecondsMax = 600
        var clock = KeyClock(limits, having: [try key("a")])
        clock.pass(seconds: 720)
        clock.failed()
        // 900 s fresh, and 600 s more.
        for second in 721..<1_500 {
            clock.pass(seconds: 1)
            if clock.isFetching { clock.failed() }
            #expect(clock.view.keys.count == 1, "after \(second) s")
        }
        clock.pass(seconds: 1)
        if clock.isFetching { clock.failed() }
        #expect(clock.view.keys == [])
        #expect(clock.view.generation == 2)
        clock.pass(seconds: 60)
        clock.fetched([try key("a")])
        #expect(clock.view.keys.count == 1)
    }

    @Test func `A set that has become empty is a failed fetch, and the old one stays`() throws {
        let keys = [try key("a")]
        var clock = KeyClock(having: keys)
        clock.pass(seconds: 720)
        #expect(clock.fetched([]) == .publish)
        #expect(clock.view.keys == keys)
        #expect(clock.view.activity == .resting(until: clock.now + 1_000, after: .failed))
    }

    @Test func `A clock that goes back stands still`() throws {
        var clock = KeyClock(having: [try key("a")])
        let end = clock.now
        #expect(clock.jump(to: 0) == .nothing)
        #expect(clock.demand("x") == .fetch)
        clock.fetched([try key("b")])
        clock.jump(to: end)
        clock.pass(seconds: 719)
        #expect(clock.fetchCount == 2)
        clock.pass(seconds: 1)
        #expect(clock.fetchCount == 3)
    }

    @Test func `A clock that leaps ahead fetches once`() throws {
        var clock = KeyClock(having: [try key("a")])
        #expect(clock.jump(to: clock.now + 100_000_000_000) == .fetch)
        #expect(clock.jump(to: clock.now + 100_000_000_000) == .nothing)
        #expect(clock.fetchCount == 2)
    }

    @Test func `Limits of any size are honoured`() throws {
        var limits = KeyRefresh()
        limits.staleSecondsMax = .max
        limits.coolDownSeconds = .max
        limits.lifetimeSecondsMax = .max
        limits.backOffSecondsMax = .max
        var clock = KeyClock(limits, now: .max / 2)
        clock.pass(seconds: 0)
        for _ in 0..<40 {
            clock.failed()
            clock.jump(to: clock.now + 100_000_000)
        }
        clock.fetched([try key("a")], lifetimeSeconds: .max)
        #expect(clock.demand("x") == .fetch)
        clock.failed()
        #expect(clock.view.keys.count == 1)
    }
}
