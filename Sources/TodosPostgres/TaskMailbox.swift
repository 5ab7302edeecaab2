internal import Libuv
internal import PostgresClient
internal import Todos

/// What other processes were told of tasks that this one works at, and passed on.
///
/// A word stays in its table until this process has heard it: one that is missed when it is said, or
/// cannot be read just then, is found at the next look.
///
/// Confined to its loop's thread.
final class TaskMailbox: ProcessFeed {
    static let letter: Character = "w"

    /// How often it is looked whatever is heard.
    private static let lookMilliseconds: UInt64 = 5_000

    /// Words that are read at once; each may be as long as a request.
    private static let wordCountMax = 64

    private let pool: PostgresPool
    private let origin: Int64
    private var ticker: Ticker?
    private var isLooking = false

    /// Whether something may have come since the look that is under way began.
    private var isDue = false
    private var hearer: StoredTaskHearer?

    init(in pool: PostgresPool, origin: Int64) {
        self.pool = pool
        self.origin = origin
    }

    func follow(_ hearer: StoredTaskHearer) {
        self.hearer = hearer
        ticker = Ticker(on: pool.loop, everyMilliseconds: Self.lookMilliseconds) { [weak self] in
            self?.look()
        }
    }

    func close() {
        ticker?.close()
        hearer = nil
    }

    // What is said of it.

    var letter: Character { Self.letter }

    /// Somebody has left a word for a process.
    func didHear(_ process: Int64) {
        if process == origin { look() }
    }

    func catchUp(seconds: UInt64) { look() }
    func poll() { look() }

    /// Does nothing: it is looked every few seconds anyway.
    func retry() {}

    // What is in it.

    /// Reads the words that are there, and tells them.
    private func look() {
        isDue = true
        guard !isLooking, hearer != nil else { return }
        isLooking = true
        pool.loop.startTask(with: self) { await $0.lookUntilEmpty() }
    }

    private func lookUntilEmpty() async {
        while isDue, let hearer {
            isDue = false
            do throws(PostgresError) {
                isDue = try await read(for: hearer) == Self.wordCountMax || isDue
            } catch {
                // The pool has reported it, and the words are there at the next look.
                break
            }
        }
        isLooking = false
    }

    /// - Returns: How many words there were.
    private func read(for hearer: StoredTaskHearer) async throws(PostgresError) -> Int {
        let process = PostgresValue(origin)
        let limit = PostgresValue(Int64(Self.wordCountMax))
        let rows = try await run(TaskStatements.words(process, limit))
        guard rows.count > 0 else { return 0 }
        for row in 0..<rows.count {
            let word = StoredTaskWord(topic: rows.text(row, 2), content: rows.text(row, 3))
            await hearer.didHear(word, rows.text(row, 1))
        }
        let numbers = (0..<rows.count).map { rows.number($0, 0) }
        _ = try await run(TaskStatements.removeWords(process, PostgresValue(array: numbers)))
        return rows.count
    }

    private func run(_ call: PostgresCall) async throws(PostgresError) -> PostgresRows {
        try await withCheckedContinuation { waiter in
            pool.run([call]) { waiter.resume(returning: $0) }
        }.get()[0]
    }
}
