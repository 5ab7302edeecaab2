import Martlet
import Synchronization

/// A store as processes share it: what is put is kept by topic, and told to all.
final class SessionHub: SessionStore {
    private struct State {
        var kept: [String: SessionNotice] = [:]
        var followers: [@Sendable (SessionNotice) -> Void] = []
        var putCount = 0
        var isBroken = false
    }

    private let state = Mutex(State())

    var putCount: Int { state.withLock { $0.putCount } }

    func breakDown() { state.withLock { $0.isBroken = true } }

    func put(_ notice: SessionNotice) async throws(SessionStoreError) {
        let followers = state.withLock { state in
            guard !state.isBroken else { return nil as [@Sendable (SessionNotice) -> Void]? }
            state.putCount += 1
            if let topic = notice.topic { state.kept[notice.session + topic] = notice }
            return state.followers
        }
        guard let followers else { throw SessionStoreError(reason: "out of order") }
        for follower in followers { follower(notice) }
    }

    func follow(
        _ didHear: @escaping @Sendable (SessionNotice) -> Void
    ) async throws(SessionStoreError) {
        let kept = state.withLock { state in
            state.followers.append(didHear)
            return state.kept.values
        }
        for notice in kept { didHear(notice) }
    }
}
