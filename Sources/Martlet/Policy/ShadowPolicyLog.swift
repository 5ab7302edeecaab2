internal import AccessControl
internal import Logging
internal import MCP
internal import Synchronization

/// Tells where a policy that is tried out would have decided differently, a few lines a second.
///
/// What happens often is counted rather than repeated, and names nothing but subject, operation
/// and both outcomes. The lock is taken where the policies disagree, and nowhere else.
final class ShadowPolicyLog: Sendable {
    private struct State {
        /// Of the current second, in the order in which they were first met.
        var divergences: [(divergence: PolicyDivergence, count: Int)] = []
        var indexByDivergence: [PolicyDivergence: Int] = [:]

        /// Calls of the current second for which there was no line left.
        var untoldCount = 0

        /// Calls since the server started.
        var totalCount = 0
    }

    /// Lines a second; what else differs in that second is counted.
    static let lineCountMax = 10

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    func note(_ divergence: PolicyDivergence) {
        state.withLock { state in
            state.totalCount += 1
            if let index = state.indexByDivergence[divergence] {
                state.divergences[index].count += 1
            } else if state.divergences.count < Self.lineCountMax {
                state.indexByDivergence[divergence] = state.divergences.count
                state.divergences.append((divergence, 1))
            } else {
                state.untoldCount += 1
            }
        }
    }

    /// Writes what has been noted since the last time; to be called every second.
    func flush() {
        let (divergences, untoldCount, totalCount) = state.withLock { state in
            let noted = (state.divergences, state.untoldCount, state.totalCount)
            state.divergences.removeAll(keepingCapacity: true)
            state.indexByDivergence.removeAll(keepingCapacity: true)
            state.untoldCount = 0
            return noted
        }
        for (divergence, count) in divergences {
            let subject = divergence.subject
            logger.notice(
                """
                shadow policy: \(subject.name.debugDescription) of \
                \(subject.issuer.debugDescription), \(divergence.operation): \
                \(divergence.outcome), would be \(divergence.candidate) \
                (\(count) now, \(totalCount) differences in all)
                """
            )
        }
        if untoldCount > 0 {
            logger.notice("shadow policy: \(untoldCount) more differences in this second")
        }
    }
}
