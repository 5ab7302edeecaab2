package import JWT

/// When the keys of one issuer are fetched, and what is known of them meanwhile.
///
/// A value without a clock or a socket: it is told what happens and answers with what to do. Times
/// are milliseconds of a clock that never goes back; should it all the same, it is taken to stand
/// still. A fetch that began ends with ``didFetch(_:lifetimeSeconds:at:)`` or
/// ``didFail(at:)``: there is one at a time.
///
/// Three things make it fetch: the set grows old, a fetch has failed a while ago, or a token names a
/// key that the set lacks. The last is anybody's doing and has a cool-down of its own, which the
/// other two neither shorten nor begin.
package struct KeySourceState: Sendable {
    /// What follows from what happened.
    package enum Action: Hashable, Sendable {
        case nothing
        /// Tell every loop what ``view`` is now.
        case publish
        /// The same, and fetch the set.
        case fetch
    }

    private enum Phase {
        case unbegun
        case fetching
        case resting(until: UInt64, after: KeySourceView.Outcome)
    }

    private let limits: KeyRefresh

    /// The thousandths of a lifetime by which this source is earlier than the latest.
    private let earliness: Int

    private var phase = Phase.unbegun
    private var now: UInt64 = 0
    private var keys: [KeyMaterial] = []
    private var generation = 0
    private var failureCount = 0

    /// When the set is as old as its server lets it become.
    private var freshUntil: UInt64 = 0
    private var demandNotBefore: UInt64 = 0

    /// What tokens have asked for since the last fetch began: the next one will tell.
    private var wantedKeyIDs: Set<String?> = []

    /// What tokens had asked for before the fetch in flight began.
    ///
    /// Kept apart, as the answer may have been on its way when others were asked for: a key
    /// published meanwhile would be taken for absent.
    private var soughtKeyIDs: Set<String?> = []

    /// What the set was found to lack.
    private var absentKeyIDs: Set<String?> = []

    /// What the set had before its last change and has no longer.
    private var withdrawnKeyIDs: Set<String?> = []

    /// - Parameters:
    ///   - limits: How often, how long, how many.
    ///   - seed: Spreads the sources: for each another.
    package init(_ limits: KeyRefresh, seed: UInt64) {
        self.limits = limits
        earliness = Int(seed % 101)
    }

    /// What loops decide by.
    package var view: KeySourceView {
        let activity: KeySourceView.Activity =
            switch phase {
            case .unbegun, .fetching: .fetching
            case .resting(let until, let outcome): .resting(until: until, after: outcome)
            }
        return KeySourceView(
            keys: keys,
            generation: generation,
            activity: activity,
            demandNotBefore: demandNotBefore,
            absentKeyIDs: absentKeyIDs,
            withdrawnKeyIDs: withdrawnKeyIDs
        )
    }

    /// Time goes on: what is due is done.
    package mutating func advance(to time: UInt64) -> Action {
        now = max(now, time)
        switch phase {
        case .unbegun:
            return beginFetch()
        case .fetching:
            return .nothing
        case .resting(let until, _):
            let haveKeysGone = dropStaleKeys()
            guard now >= until else { return haveKeysGone ? .publish : .nothing }
            // What was absent may be in the set that comes.
            absentKeyIDs = []
            return beginFetch()
        }
    }

    /// A token names a key that the loop which looked does not have.
    ///
    /// - Parameters:
    ///   - keyID: The token's `kid`.
    ///   - seen: The generation of the keys that the loop looked at.
    ///   - time: Now.
    /// - Returns: Never nothing that would leave the loop waiting: what it waits for is published
    ///   now, or when the fetch has ended.
    package mutating func demand(
        _ keyID: String?,
        seen: Int,
        at time: UInt64
    ) -> Action {
        now = max(now, time)
        // The loop asked before it heard of what came meanwhile.
        guard seen == generation else { return .publish }
        switch phase {
        case .unbegun, .fetching:
            want(keyID)
            return .nothing
        case .resting(_, .failed):
            // The next attempt has its time already.
            return .publish
        case .resting(_, .succeeded):
            guard now >= demandNotBefore, !absentKeyIDs.contains(keyID) else { return .publish }
            demandNotBefore = now + KeyRefresh.milliseconds(limits.coolDownSeconds)
            want(keyID)
            return beginFetch()
        }
    }

    /// The fetch has brought a set.
    ///
    /// - Parameters:
    ///   - fetched: Its keys. A set without one is none: what was known before is kept.
    ///   - lifetimeSeconds: How long its server says that it is fresh; `nil` if it does not say.
    ///   - time: Now.
    /// - Returns: ``Action/publish``, always.
    package mutating func didFetch(
        _ fetched: [KeyMaterial],
        lifetimeSeconds: Int?,
        at time: UInt64
    ) -> Action {
        guard !fetched.isEmpty else { return didFail(at: time) }
        now = max(now, time)
        failureCount = 0
        // A server may list the same keys in another order every time.
        if Set(fetched) != Set(keys) {
            withdrawnKeyIDs = Set(keys.map(\.keyID)).subtracting(fetched.map(\.keyID))
            keys = fetched
            generation += 1
            absentKeyIDs = []
        }
        noteAbsence()
        let lifetime = min(
            max(lifetimeSeconds ?? limits.lifetimeSecondsDefault, limits.lifetimeSecondsMin),
            limits.lifetimeSecondsMax
        )
        freshUntil = now + KeyRefresh.milliseconds(lifetime)
        let share = UInt64(KeyRefresh.refreshPermille - earliness)
        let refresh = now + KeyRefresh.milliseconds(lifetime) * share / 1_000
        phase = .resting(until: refresh, after: .succeeded)
        return .publish
    }

    /// The fetch has brought no set; what was known before is kept.
    package mutating func didFail(at time: UInt64) -> Action {
        now = max(now, time)
        // The next attempt looks for them.
        for keyID in soughtKeyIDs { want(keyID) }
        soughtKeyIDs = []
        let doublingCount = min(failureCount, 16)
        failureCount += 1
        let seconds = min(limits.backOffSecondsMin << doublingCount, limits.backOffSecondsMax)
        phase = .resting(until: now + KeyRefresh.milliseconds(seconds), after: .failed)
        _ = dropStaleKeys()
        return .publish
    }

    private mutating func beginFetch() -> Action {
        phase = .fetching
        soughtKeyIDs = wantedKeyIDs
        wantedKeyIDs = []
        return .fetch
    }

    private mutating func want(_ keyID: String?) {
        guard wantedKeyIDs.count < KeyRefresh.absentKeyIDCountMax else { return }
        wantedKeyIDs.insert(keyID)
    }

    /// Remembers which of the keys that were looked for the set lacks.
    private mutating func noteAbsence() {
        let present = Set(keys.map(\.keyID))
        for keyID in soughtKeyIDs where !present.contains(keyID) {
            guard absentKeyIDs.count < KeyRefresh.absentKeyIDCountMax else { break }
            absentKeyIDs.insert(keyID)
        }
        soughtKeyIDs = []
    }

    /// - Returns: Whether there were keys too old to be used.
    private mutating func dropStaleKeys() -> Bool {
        guard let staleSecondsMax = limits.staleSecondsMax, !keys.isEmpty,
            case .resting(_, .failed) = phase,
            now >= freshUntil + KeyRefresh.milliseconds(staleSecondsMax)
        else { return false }
        keys = []
        generation += 1
        return true
    }
}
