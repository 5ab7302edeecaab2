internal import Synchronization

/// What the storage thread has done since the store was opened.
public struct StorageCounts: Hashable, Sendable {
    /// Upper bounds of the times that ``commitCounts`` are told by.
    public static let commitBoundsNanoseconds: [UInt64] = [
        100_000, 200_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000,
        500_000_000, 1_000_000_000, 5_000_000_000, 10_000_000_000,
    ]

    /// Transactions with writes.
    public internal(set) var commitCount = 0

    /// Writes in them: how many share one sync is the quotient.
    public internal(set) var writeCount = 0

    /// Time that the transactions took, their syncs above all.
    public internal(set) var commitNanoseconds = 0

    /// The transactions by the time they took: a count for each bound, and one above.
    public internal(set) var commitCounts = [UInt64](
        repeating: 0,
        count: commitBoundsNanoseconds.count + 1
    )

    mutating func countCommit(ofWrites count: Int, nanoseconds: UInt64) {
        commitCount &+= 1
        writeCount &+= count
        commitNanoseconds &+= Int(clamping: nanoseconds)
        let bounds = Self.commitBoundsNanoseconds
        let bucket = bounds.firstIndex { nanoseconds <= $0 } ?? bounds.count
        commitCounts[bucket] &+= 1
    }
}

/// The same while it goes on: one thread counts, any may look.
final class StorageCounters: Sendable {
    private let state = Mutex(StorageCounts())

    func countCommit(ofWrites count: Int, nanoseconds: UInt64) {
        state.withLock { $0.countCommit(ofWrites: count, nanoseconds: nanoseconds) }
    }

    var counts: StorageCounts { state.withLock { $0 } }
}
