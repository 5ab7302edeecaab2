internal import AccessControl
internal import Synchronization

/// Counts the open subscription streams of each subject, over all loops.
///
/// Asked when a stream opens and ends, never for another request.
final class StreamCensus: Sendable {
    private let perSubjectMax: Int
    private let counts = Mutex<[Subject: Int]>([:])

    init(perSubjectMax: Int) {
        self.perSubjectMax = perSubjectMax
    }

    /// Counts one more, unless that were too many.
    func admit(_ subject: Subject) -> Bool {
        counts.withLock { counts in
            let count = counts[subject, default: 0]
            guard count < perSubjectMax else { return false }
            counts[subject] = count + 1
            return true
        }
    }

    /// Takes back what ``admit(_:)`` counted.
    func release(_ subject: Subject) {
        counts.withLock { counts in
            let count = counts[subject, default: 1]
            counts[subject] = count > 1 ? count - 1 : nil
        }
    }
}
