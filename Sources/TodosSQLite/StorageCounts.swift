internal import Synchronization

/// What the storage thread has done since the store was opened.
public struct StorageCounts: Hashable, Sendable {
    /// Transactions with writes.
    public let commitCount: Int

    /// Writes in them: how many share one sync is the quotient.
    public let writeCount: Int

    /// Time that the transactions took, their syncs above all.
    public let commitNanoseconds: Int
}

/// The same while it goes on: one thread counts, any may look.
final class StorageCounters: Sendable {
    private let commits = Atomic<Int>(0)
    private let writes = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    func countCommit(ofWrites count: Int, nanoseconds: UInt64) {
        commits.add(1, ordering: .relaxed)
        writes.add(count, ordering: .relaxed)
        self.nanoseconds.add(Int(clamping: nanoseconds), ordering: .relaxed)
    }

    var counts: StorageCounts {
        StorageCounts(
            commitCount: commits.load(ordering: .relaxed),
            writeCount: writes.load(ordering: .relaxed),
            commitNanoseconds: nanoseconds.load(ordering: .relaxed)
        )
    }
}
