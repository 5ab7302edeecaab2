package import JWT

/// What a loop knows of the keys of one issuer: enough to answer a token whose key it lacks.
package struct KeySourceView: Sendable {
    package enum Outcome: Hashable, Sendable {
        case succeeded, failed
    }

    package enum Activity: Hashable, Sendable {
        /// The set is being fetched, or is about to be for the first time.
        case fetching
        /// Nothing is fetched before that time unless somebody asks; how the last fetch ended.
        case resting(until: UInt64, after: Outcome)
    }

    /// What becomes of a request whose token's key is not there.
    package enum Answer: Hashable, Sendable {
        /// It waits for the fetch that is in flight, or is asked for now.
        case wait
        /// The issuer was asked and has no such key: the token is not believed.
        case refuse
        /// Whether the issuer has such a key cannot be told: nobody's fault but ours.
        case unavailable(retryAfterSeconds: Int)
    }

    /// Those in use; none if there are none to be had.
    package let keys: [KeyMaterial]

    /// Raised with every change of ``keys``.
    package let generation: Int
    package let activity: Activity

    /// From when on an unknown key may be asked for.
    let demandNotBefore: UInt64

    /// Those that a fetch has looked for in vain.
    let absentKeyIDs: Set<String?>

    /// Those that the set had before it last changed; they are asked for again after the cool-down.
    let withdrawnKeyIDs: Set<String?>

    /// What is known before anything has been fetched.
    package static let initial = KeySourceView(
        keys: [],
        generation: 0,
        activity: .fetching,
        demandNotBefore: 0,
        absentKeyIDs: [],
        withdrawnKeyIDs: []
    )

    /// What to do with a token that names a key which is not among ``keys``.
    ///
    /// Refused is only what a fetch has looked for in vain. During the cool-down every other name
    /// may be that of a key published a moment ago, and after a failed fetch any name at all: whoever
    /// begins the cool-down with a made-up name must not have honest tokens taken for forged ones.
    package func answer(toUnknownKey keyID: String?, at now: UInt64) -> Answer {
        switch activity {
        case .fetching: return .wait
        case .resting(let until, .failed): return Self.unavailable(until: until, at: now)
        case .resting(_, .succeeded):
            if absentKeyIDs.contains(keyID) { return .refuse }
            guard now < demandNotBefore else { return .wait }
            if withdrawnKeyIDs.contains(keyID) { return .refuse }
            return Self.unavailable(until: demandNotBefore, at: now)
        }
    }

    /// What to do with a token while there are no keys at all.
    package func answerWithoutKeys(at now: UInt64) -> Answer {
        switch activity {
        case .fetching: .wait
        case .resting(let until, _): Self.unavailable(until: until, at: now)
        }
    }

    /// In whole seconds, at least one, and a moment later than the next attempt begins.
    private static func unavailable(until: UInt64, at now: UInt64) -> Answer {
        let milliseconds = until > now ? until - now : 0
        return .unavailable(retryAfterSeconds: Int(milliseconds / 1_000) + 1)
    }
}
