internal import Synchronization

/// Rate limits for any number of keys in a fixed table of atomics.
///
/// Each slot holds part of the key's hash and the time at which its bucket will be full again (the
/// "theoretical arrival time" of the generic cell rate algorithm, ITU-T I.371), so that a check is
/// one load and one exchange. Exact within the process: all loops share the table. A key whose
/// bucket is full needs no slot, so the slots are for those who are being counted right now.
///
/// Nothing grows, at a price that shows with many thousands counted at once: when eight of them
/// meet in one place, a ninth is let through uncounted (one table in 7,000 at 5,000 keys), and two
/// whose hashes agree in 31 bits share a bucket (one table in 170). Nobody chooses who meets whom:
/// the hash is keyed anew in every process.
package final class RateLimitTable: Sendable {
    package enum Outcome: Hashable, Sendable {
        case allowed
        case refused(retryAfterSeconds: Int)
    }

    /// What is left to a key.
    package struct Share: Hashable, Sendable {
        package let remainingCount: Int

        /// After so many seconds all of the burst is there again.
        package let resetSeconds: Int
    }

    package let limit: RateLimit

    private static let slotCount = 65_536
    /// A cache line of them.
    private static let slotsPerPlace = 8

    /// A unit of time is 2 µs, so that even the highest rate is some units apart; 46 bits of them
    /// last four years of a machine's running.
    private static let unitsPerSecond: UInt64 = 500_000
    private static let timeMask: UInt64 = 1 << 46 - 1

    private let slots: InlineArray<65_536, Atomic<UInt64>>
    private let interval: UInt64
    private let tolerance: UInt64
    private let seed: Hasher

    package init(_ limit: RateLimit) {
        self.limit = limit
        slots = InlineArray { _ in Atomic(0) }
        let perSecond = UInt64(clamping: limit.perSecond)
        interval = perSecond == 0 ? 0 : max(1, Self.unitsPerSecond / perSecond)
        tolerance = interval * UInt64(clamping: limit.burst - 1)
        seed = Hasher()
    }

    /// Counts one more for `key`, unless it is too many.
    ///
    /// - Parameters:
    ///   - key: Who is counted.
    ///   - milliseconds: Of a clock that never goes back and that all loops share.
    /// - Returns: Whether it was counted, and if not, when to ask again.
    package func take(_ key: some Hashable, atMilliseconds milliseconds: UInt64) -> Outcome {
        guard interval > 0 else { return .allowed }
        let (tag, place) = position(of: key)
        let now = Self.units(ofMilliseconds: milliseconds)
        while true {
            guard let index = slot(for: tag, in: place, now: now) else { return .allowed }
            let stored = slots[index].load(ordering: .relaxed)
            let isMine = stored & ~Self.timeMask == tag
            let full = stored & Self.timeMask
            guard isMine || full <= now else { continue }
            let start = isMine ? max(full, now) : now
            if start - now > tolerance {
                let wait = start - now - tolerance
                let seconds = (wait + Self.unitsPerSecond - 1) / Self.unitsPerSecond
                return .refused(retryAfterSeconds: max(1, Int(clamping: seconds)))
            }
            let next = tag | (start + interval) & Self.timeMask
            let exchanged = slots[index].compareExchange(
                expected: stored,
                desired: next,
                ordering: .relaxed
            ).exchanged
            if exchanged { return .allowed }
        }
    }

    /// What is left to a key; all, if nothing is counted of it.
    ///
    /// - Precondition: There is a limit.
    package func share(of key: some Hashable, atMilliseconds milliseconds: UInt64) -> Share {
        let (tag, place) = position(of: key)
        let now = Self.units(ofMilliseconds: milliseconds)
        var full = now
        for index in place..<(place + Self.slotsPerPlace) {
            let stored = slots[index].load(ordering: .relaxed)
            if stored & ~Self.timeMask == tag, stored != 0 {
                full = max(now, stored & Self.timeMask)
            }
        }
        let debt = full - now
        let remaining = debt > tolerance ? 0 : (tolerance - debt) / interval + 1
        return Share(
            remainingCount: min(Int(clamping: remaining), limit.burst),
            resetSeconds: Int(clamping: (debt + Self.unitsPerSecond - 1) / Self.unitsPerSecond)
        )
    }

    private static func units(ofMilliseconds milliseconds: UInt64) -> UInt64 {
        milliseconds &* (unitsPerSecond / 1_000) & timeMask
    }

    /// What a key's slot begins with, and where it may be.
    private func position(of key: some Hashable) -> (tag: UInt64, place: Int) {
        var hasher = seed
        hasher.combine(key)
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        let place = Int(hash % UInt64(Self.slotCount / Self.slotsPerPlace)) * Self.slotsPerPlace
        return (hash & ~Self.timeMask, place)
    }

    /// The key's slot, or one whose bucket is full and that may be had.
    private func slot(for tag: UInt64, in place: Int, now: UInt64) -> Int? {
        var free: Int?
        for index in place..<(place + Self.slotsPerPlace) {
            let stored = slots[index].load(ordering: .relaxed)
            if stored & ~Self.timeMask == tag, stored != 0 { return index }
            if free == nil, stored & Self.timeMask <= now { free = index }
        }
        return free
    }
}
