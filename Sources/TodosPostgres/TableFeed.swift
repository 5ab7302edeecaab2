internal import Libuv
internal import PostgresClient

/// Rows that transactions of other processes leave in a table, each under a number, told to this one.
///
/// Who hears a number reads its rows; whoever cannot hear looks at the latest rows again and again.
///
/// Confined to its loop's thread.
final class TableFeed: ProcessFeed {
    /// A table, and who wants its rows.
    struct Table {
        /// What `NOTIFY` says before the number.
        let letter: Character

        /// Parameters: numbers.
        ///
        /// The number of a row is its first column.
        let ofNumbers: PostgresStatement

        /// Parameters: the number of this process, whose own rows are known, an interval, a limit.
        let recent: PostgresStatement

        /// Nothing is read for nobody.
        let isWanted: () -> Bool

        let didRead: (PostgresRows, _ row: Int) -> Void
    }

    /// Rows that one look at the table returns at most; of more, the oldest go untold.
    private static let rowCountMax: Int64 = 10_000

    /// Seconds that every look goes back.
    private static let overlapSeconds: UInt64 = 3

    /// Every so many looks go back further, for transactions that took long to commit.
    private static let longLookInterval = 10

    private let table: Table
    private let pool: PostgresPool
    private let origin: Int64
    private var heard: [Int64] = []
    private var isReading = false
    private var pollCount = 0

    /// The numbers told of by looking, with the time from which they may be forgotten.
    private var told: [Int64: UInt64] = [:]

    init(_ table: Table, in pool: PostgresPool, origin: Int64) {
        self.table = table
        self.pool = pool
        self.origin = origin
    }

    var letter: Character { table.letter }

    func didHear(_ number: Int64) {
        guard table.isWanted() else { return }
        heard.append(number)
        readHeard()
    }

    func catchUp(seconds: UInt64) {
        guard table.isWanted() else { return }
        look(backSeconds: seconds + longLookSeconds)
    }

    func poll() {
        guard table.isWanted(), !isReading else { return }
        pollCount += 1
        let isLong = pollCount.isMultiple(of: Self.longLookInterval)
        look(backSeconds: isLong ? longLookSeconds : Self.overlapSeconds)
    }

    /// Longer than a transaction can take from its first change to its end.
    private var longLookSeconds: UInt64 { UInt64(pool.limits.requestSeconds) * 2 + 5 }

    /// Reads what was heard, all that came meanwhile together.
    private func readHeard() {
        guard !isReading, !heard.isEmpty else { return }
        isReading = true
        let numbers = heard
        heard = []
        pool.run([table.ofNumbers(PostgresValue(array: numbers))]) { [weak self] answer in
            guard let self else { return }
            // What was said while listening began is both heard and seen.
            let seen = told
            didRead(answer) { seen[$0] == nil }
        }
    }

    private func look(backSeconds: UInt64) {
        isReading = true
        let call = table.recent(
            PostgresValue(origin),
            PostgresValue("\(backSeconds) seconds"),
            PostgresValue(Self.rowCountMax)
        )
        let now = pool.loop.monotonicMilliseconds
        let forgetMilliseconds = now + longLookSeconds * 2_000
        told = told.filter { $0.value > now }
        pool.run([call]) { [weak self] answer in
            guard let self else { return }
            let before = told
            didRead(answer) { number in
                told[number] = forgetMilliseconds
                return before[number] == nil
            }
        }
    }

    private func didRead(
        _ answer: Result<[PostgresRows], PostgresError>,
        where isNew: (Int64) -> Bool
    ) {
        // The pool has reported a failure, and what is missed is a hint to look again.
        if case .success(let results) = answer, let rows = results.first {
            for row in 0..<rows.count where isNew(rows.number(row, 0)) {
                table.didRead(rows, row)
            }
        }
        isReading = false
        readHeard()
    }
}
