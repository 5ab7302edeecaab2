/// When to look at which connection again.
///
/// A ring of buckets, one for each coming tick. A connection that is given a later deadline stays
/// where it is and is moved on when its bucket comes up, so that a busy connection's deadline is
/// one store a request. Only an earlier deadline needs a new entry.
struct DeadlineWheel {
    /// Deadlines further ahead are looked at once on the way.
    private static let bucketCount: UInt32 = 128

    private var buckets: [[Int32]] = Array(repeating: [], count: Int(bucketCount))
    private(set) var tick: UInt32 = 0

    /// The tick at which an entry for `deadline` comes up: not before the one after `tick`.
    static func tickToVisit(for deadline: UInt32, from tick: UInt32) -> UInt32 {
        let ahead = deadline &- tick
        // More than half the range "ahead" is a deadline that has passed.
        if ahead == 0 || ahead > UInt32.max / 2 { return tick &+ 1 }
        return tick &+ min(ahead, bucketCount - 1)
    }

    /// Has `slot` come up at `visit`, a result of ``tickToVisit(for:from:)``.
    mutating func add(_ slot: Int32, at visit: UInt32) {
        buckets[Int(visit % Self.bucketCount)].append(slot)
    }

    /// Moves to the next tick.
    ///
    /// - Returns: The slots to look at.
    mutating func advance() -> [Int32] {
        tick &+= 1
        let index = Int(tick % Self.bucketCount)
        let due = buckets[index]
        buckets[index] = []
        return due
    }
}
