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

    /// The time from which on something may have been said that nobody heard.
    private var deafSinceMilliseconds: UInt64?

    /// The numbers told of, with the time from which they may be forgotten.
    private var told: [Int64: UInt64] = [:]

    /// How many of them there are before it is looked which may be forgotten.
    private var toldCountMax = 1_024

    init(_ table: Table, in pool: PostgresPool, origin: Int64) {
        self.table = table
        self.pool = pool
        self.origin = origin
    }

    var letter: Character { table.letter }

    func didHear(_ number: Int64) {
        guard table.isWanted() else { return }
        heard.append(number)
        goOn()
    }

    func catchUp(seconds: UInt64) {
        guard table.isWanted() else { return }
        let now = pool.loop.monotonicMilliseconds
        let since = now - min(now, seconds * 1_000)
        deafSinceMilliseconds = min(since, deafSinceMilliseconds ?? since)
        goOn()
    }

    func retry() {
        goOn()
    }

    func poll() {
        guard table.isWanted(), !isReading else { return }
        pollCount += 1
        let isLong = pollCount.isMultiple(of: Self.longLookInterval)
        look(backSeconds: isLong ? longLookSeconds : Self.overlapSeconds)
    }

    private func goOn() {
        guard !isReading else { return }
        if let since = deafSinceMilliseconds {
            deafSinceMilliseconds = nil
            let deafSeconds = (pool.loop.monotonicMilliseconds - since) / 1_000 + 1
            look(backSeconds: deafSeconds + longLookSeconds, deafSince: since)
        } else {
            readHeard()
        }
    }

    /// Longer than a transaction can take from its first change to its end.
    private var longLookSeconds: UInt64 { UInt64(pool.limits.requestSeconds) * 2 + 5 }

    /// Reads what was heard, all that came meanwhile together.
    private func readHeard() {
        // What was said while listening began is both heard and seen.
        let numbers = heard.filter { told[$0] == nil }
        heard = []
        guard !numbers.isEmpty else { return }
        isReading = true
        let since = pool.loop.monotonicMilliseconds
        pool.run([table.ofNumbers(PostgresValue(array: numbers))]) { [weak self] answer in
            self?.didRead(answer, missedSince: since)
        }
    }

    /// - Parameters:
    ///   - backSeconds: How old rows may be.
    ///   - deafSince: From when on something may be missed if this fails, in milliseconds.
    private func look(backSeconds: UInt64, deafSince: UInt64? = nil) {
        isReading = true
        let call = table.recent(
            PostgresValue(origin),
            PostgresValue("\(backSeconds) seconds"),
            PostgresValue(Self.rowCountMax)
        )
        pool.run([call]) { [weak self] answer in
            self?.didRead(answer, missedSince: deafSince)
        }
    }

    /// Tells of the rows whose numbers were not told of before.
    ///
    /// If they could not be read, which the pool has reported, it is looked again a second later.
    private func didRead(
        _ answer: Result<[PostgresRows], PostgresError>,
        missedSince: UInt64?
    ) {
        switch answer {
        case .success(let results):
            if let rows = results.first { tell(rows) }
            isReading = false
            goOn()
        case .failure:
            deafSinceMilliseconds = [deafSinceMilliseconds, missedSince].compactMap(\.self).min()
            isReading = false
            readHeard()
        }
    }

    private func tell(_ rows: PostgresRows) {
        var numbers: [Int64] = []
        for row in 0..<rows.count where told[rows.number(row, 0)] == nil {
            numbers.append(rows.number(row, 0))
            table.didRead(rows, row)
        }
        // One number may have several rows.
        let forgetMilliseconds = pool.loop.monotonicMilliseconds + longLookSeconds * 2_000
        for number in numbers { told[number] = forgetMilliseconds }
        forgetTold()
    }

    private func forgetTold() {
        guard told.count > toldCountMax else { return }
        let now = pool.loop.monotonicMilliseconds
        told = told.filter { $0.value > now }
        toldCountMax = max(1_024, told.count * 2)
    }
}
