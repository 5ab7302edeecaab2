import JWT
import Martlet

/// A key source driven by a clock of the test's own, with every fetch counted.
struct KeyClock {
    private(set) var state: KeySourceState
    private(set) var now: UInt64
    private(set) var fetchCount = 0
    private(set) var isFetching = false

    init(_ limits: KeyRefresh = KeyRefresh(), seed: UInt64 = 0, now: UInt64 = 1_000_000) {
        state = KeySourceState(limits, seed: seed)
        self.now = now
    }

    /// A source that has fetched `keys` at the start.
    init(_ limits: KeyRefresh = KeyRefresh(), having keys: [KeyMaterial]) {
        self.init(limits)
        pass(seconds: 0)
        fetched(keys)
    }

    var view: KeySourceView { state.view }

    /// Lets time pass, with a look every second as the keeper has it.
    mutating func pass(seconds: Int) {
        note(state.advance(to: now))
        for _ in 0..<seconds {
            now += 1_000
            note(state.advance(to: now))
        }
    }

    /// Looks once, at any time.
    @discardableResult
    mutating func jump(to time: UInt64) -> KeySourceState.Action {
        now = time
        let action = state.advance(to: now)
        note(action)
        return action
    }

    @discardableResult
    mutating func demand(_ keyID: String?, seen: Int? = nil) -> KeySourceState.Action {
        let action = state.demand(keyID, seen: seen ?? view.generation, at: now)
        note(action)
        return action
    }

    @discardableResult
    mutating func fetched(
        _ keys: [KeyMaterial],
        lifetimeSeconds: Int? = nil
    ) -> KeySourceState.Action {
        isFetching = false
        return state.didFetch(keys, lifetimeSeconds: lifetimeSeconds, at: now)
    }

    @discardableResult
    mutating func failed() -> KeySourceState.Action {
        isFetching = false
        return state.didFail(at: now)
    }

    func answer(to keyID: String?) -> KeySourceView.Answer {
        view.answer(toUnknownKey: keyID, at: now)
    }

    private mutating func note(_ action: KeySourceState.Action) {
        guard action == .fetch else { return }
        precondition(!isFetching, "two fetches at once")
        isFetching = true
        fetchCount += 1
    }
}

/// A key of its own for every name.
func key(_ keyID: String) throws -> KeyMaterial {
    try SigningKey.generate(.edDSA, keyID: keyID).keyMaterial
}
