internal import Libuv
internal import PostgresClient
internal import Todos

/// Says every few seconds that this process is there, and notices which others are not.
///
/// Confined to its loop's thread.
final class ProcessRoll {
    private static let beatMilliseconds: UInt64 = 5_000

    /// After how long a process that says nothing has ended.
    private static let silence = "30 seconds"

    /// How often this process must have been heard in a row to judge others: longer than their
    /// silence may be, so that nobody has ended because the database was not there for a while.
    private static let beatCountMin = 8

    /// How long it may take to say that this process ends.
    private static let endMilliseconds: UInt64 = 1_000

    private let pool: PostgresPool
    private let origin: Int64

    /// Whether other processes can be told.
    private let notifies: Bool

    /// Told of each task that has changed, in the columns of ``TaskStatements/interrupt``.
    private let didInterrupt: (PostgresRows, _ row: Int) -> Void
    private var ticker: Ticker?
    private var beatCount = 0

    /// What becomes of the tasks of a process that has ended.
    private var ending: StoredTask.State?

    init(
        in pool: PostgresPool,
        origin: Int64,
        notifies: Bool,
        didInterrupt: @escaping (PostgresRows, _ row: Int) -> Void
    ) {
        self.pool = pool
        self.origin = origin
        self.notifies = notifies
        self.didInterrupt = didInterrupt
        ticker = Ticker(on: pool.loop, everyMilliseconds: Self.beatMilliseconds) { [weak self] in
            self?.beat {}
        }
    }

    func interrupts(with ending: StoredTask.State) {
        self.ending = ending
    }

    /// Says that this process is there.
    func beat(_ didEnd: @escaping () -> Void) {
        var calls = [TaskStatements.beat(PostgresValue(origin))]
        if beatCount >= Self.beatCountMin, let ending {
            let now = StoredTask.State(ending, atMilliseconds: WallClock.millisecondsSinceEpoch())
            calls.append(TaskStatements.removeSilentProcesses(PostgresValue(Self.silence)))
            let change = Int64.random(in: .min ... .max)
            calls.append(now.interrupting(ownTasksOf: nil, by: origin, change: change))
        }
        pool.run(calls) { [weak self] answer in
            self?.didBeat(answer)
            didEnd()
        }
    }

    private func didBeat(_ answer: Result<[PostgresRows], PostgresError>) {
        switch answer {
        case .success(let results):
            beatCount += 1
            guard results.count > 1, let tasks = results.last, tasks.count > 0 else { return }
            for row in 0..<tasks.count { didInterrupt(tasks, row) }
            // Few processes end so, so that it may be said in a transaction of its own; who does not
            // hear it asks.
            guard notifies else { return }
            pool.run([TaskFeed.notice(of: tasks.number(0, 0), by: origin)]) { _ in }
        case .failure:
            beatCount = 0
        }
    }

    /// Says that this process ends, if the database is there to hear it.
    func end(_ didEnd: @escaping () -> Void) {
        ticker?.close()
        ticker = nil
        // Whoever ends does not wait for a database that is gone: others notice the silence.
        var isOver = false
        var timer: OneShotTimer?
        func end() {
            guard !isOver else { return }
            isOver = true
            timer?.close()
            timer = nil
            didEnd()
        }
        timer = OneShotTimer(on: pool.loop, end)
        timer?.start(afterMilliseconds: Self.endMilliseconds)
        pool.run([TaskStatements.removeProcess(PostgresValue(origin))]) { _ in end() }
    }
}

extension StoredTask.State {
    fileprivate init(_ state: StoredTask.State, atMilliseconds now: Int64) {
        self.init(
            status: state.status,
            isFinal: state.isFinal,
            statusMessage: state.statusMessage,
            content: state.content,
            updatedAtMilliseconds: now
        )
    }
}
