import AccessControl
import Testing

@Suite("Token buckets")
struct TokenBucketTests {
    private let second: UInt64 = 1_000_000_000

    @Test func `A rested bucket gives its burst at once and then no more`() {
        var bucket = TokenBucket(rate: 10, burst: 5)
        for _ in 0..<5 { #expect(bucket.take(atNanoseconds: second) == .taken) }
        #expect(bucket.take(atNanoseconds: second) == .refused(retryAfterSeconds: 1))
    }

    @Test func `Tokens flow in at the rate, not earlier and not later`() {
        var bucket = TokenBucket(rate: 4, burst: 1)
        #expect(bucket.take(atNanoseconds: 0) == .taken)
        #expect(bucket.take(atNanoseconds: second / 4 - 1) != .taken)
        #expect(bucket.take(atNanoseconds: second / 4) == .taken)
    }

    @Test func `However it is asked, no second gives more than burst and rate`() {
        var bucket = TokenBucket(rate: 100, burst: 20)
        var takenCount = 0
        for step in 0..<10_000 where bucket.take(atNanoseconds: UInt64(step) * 100_000) == .taken {
            takenCount += 1
        }
        #expect(takenCount == 20 + 99)
    }

    @Test func `Refusals take nothing, so asking often delays nobody`() {
        var bucket = TokenBucket(rate: 1, burst: 1)
        #expect(bucket.take(atNanoseconds: 0) == .taken)
        for _ in 0..<1_000 { #expect(bucket.take(atNanoseconds: 1) != .taken) }
        #expect(bucket.take(atNanoseconds: second) == .taken)
    }

    @Test func `After the stated wait, rounded up, the next one is given`() {
        var bucket = TokenBucket(rate: 1, perSeconds: 60, burst: 1)
        #expect(bucket.take(atNanoseconds: 0) == .taken)
        #expect(bucket.take(atNanoseconds: second / 2) == .refused(retryAfterSeconds: 60))
        #expect(bucket.take(atNanoseconds: 59 * second + 1) == .refused(retryAfterSeconds: 1))
        #expect(bucket.take(atNanoseconds: 60 * second) == .taken)
    }

    @Test func `A clock that steps back costs at most one refill`() {
        var bucket = TokenBucket(rate: 1, burst: 10)
        #expect(bucket.take(atNanoseconds: 1_000_000 * second) == .taken)
        #expect(bucket.take(atNanoseconds: 0) == .refused(retryAfterSeconds: 1))
        #expect(bucket.take(atNanoseconds: second) == .taken)
    }

    @Test(arguments: [(1, 1, Int.max), (1, Int.max, 1), (1, Int.max, Int.max)])
    func `Extreme limits and the end of time saturate instead of trapping`(
        rate: Int,
        seconds: Int,
        burst: Int
    ) {
        var bucket = TokenBucket(rate: rate, perSeconds: seconds, burst: burst)
        for now in [0, 1, .max / 2, .max - 1, .max] as [UInt64] {
            _ = bucket.take(atNanoseconds: now)
            _ = bucket.take(atNanoseconds: now)
        }
        #expect(bucket.isFull(atNanoseconds: .max))
    }

    @Test func `A bucket is full again once all has flowed back`() {
        var bucket = TokenBucket(rate: 2, burst: 4)
        #expect(bucket.isFull(atNanoseconds: second))
        _ = bucket.take(atNanoseconds: second)
        #expect(!bucket.isFull(atNanoseconds: second + second / 2 - 1))
        #expect(bucket.isFull(atNanoseconds: second + second / 2))
    }
}
