import Histogram

/// Latencies in microseconds, exact to three digits however long they are.
public typealias Latencies = Histogram<UInt64>

/// What became of calls.
public struct Tally: Sendable {
    /// What became of the calls of one operation.
    public struct Entry: Sendable {
        public var succeeded: UInt64 = 0
        /// The client saw nothing but refusals that told it to come again, until its patience ended.
        public var refused: UInt64 = 0
        /// The client saw neither a right answer nor a refusal that told it to come again.
        public var failed: UInt64 = 0
        /// Of the calls that succeeded.
        public var latencies = Latencies()

        public init() {}

        public var count: UInt64 { succeeded + refused + failed }

        mutating func add(_ other: Entry) {
            succeeded += other.succeeded
            refused += other.refused
            failed += other.failed
            latencies.add(other.latencies)
        }
    }

    /// By the operations' places.
    private var table = [Entry](repeating: Entry(), count: Operation.allCases.count)

    /// Why calls were refused or failed.
    public private(set) var failures: [FailureKind: UInt64] = [:]

    /// Attempts that were made again, by why.
    public private(set) var retries: [FailureKind: UInt64] = [:]

    /// Calls of an open loop that were due and that no agent was ever free for: they have failed.
    public private(set) var neverBegunCount: UInt64 = 0

    public var tokensSigned: UInt64 = 0
    public var tokensRenewedOnRefusal: UInt64 = 0
    public var sessionsOpened: UInt64 = 0
    public var connectionsOpened: UInt64 = 0

    public init() {}

    /// What a call came to.
    public enum Outcome: Hashable, Sendable {
        case succeeded
        case refused(FailureKind)
        case failed(FailureKind)
    }

    public mutating func note(_ outcome: Outcome, of operation: Operation, microseconds: UInt64) {
        switch outcome {
        case .succeeded:
            table[operation.place].succeeded += 1
            table[operation.place].latencies.record(microseconds)
        case .refused(let kind):
            table[operation.place].refused += 1
            failures[kind, default: 0] += 1
        case .failed(let kind):
            table[operation.place].failed += 1
            failures[kind, default: 0] += 1
        }
    }

    /// Notes calls of an open loop that nobody came to make.
    public mutating func noteNeverBegun(count: Int) {
        guard count > 0 else { return }
        neverBegunCount += UInt64(count)
        failures[.unanswered, default: 0] += UInt64(count)
    }

    public mutating func noteRetry(_ kind: FailureKind) {
        retries[kind, default: 0] += 1
    }

    public mutating func add(_ other: Tally) {
        for (place, entry) in other.table.enumerated() { table[place].add(entry) }
        failures.merge(other.failures, uniquingKeysWith: +)
        retries.merge(other.retries, uniquingKeysWith: +)
        neverBegunCount += other.neverBegunCount
        tokensSigned += other.tokensSigned
        tokensRenewedOnRefusal += other.tokensRenewedOnRefusal
        sessionsOpened += other.sessionsOpened
        connectionsOpened += other.connectionsOpened
    }

    /// What became of the calls of one operation.
    public subscript(operation: Operation) -> Entry { table[operation.place] }

    /// All operations together.
    public var total: Entry {
        var total = Entry()
        for entry in table { total.add(entry) }
        total.failed += neverBegunCount
        return total
    }
}

/// What one second of a run saw end, whatever began before.
public struct IntervalTally: Sendable {
    public var succeeded: UInt64 = 0
    public var refused: UInt64 = 0
    public var failed: UInt64 = 0
    public var retried: UInt64 = 0
    public var latencies = Latencies()

    public init() {}

    public mutating func add(_ other: IntervalTally) {
        succeeded += other.succeeded
        refused += other.refused
        failed += other.failed
        retried += other.retried
        latencies.add(other.latencies)
    }

    /// The least number of microseconds that so many of a hundred answers took no longer than.
    public func microseconds(atPercentile percentile: Double) -> UInt64 {
        latencies.microseconds(atPercentile: percentile)
    }
}
