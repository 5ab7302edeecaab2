internal import Libuv
internal import PostgresClient
internal import Todos

/// The writes of one loop, carried out in transactions of as many as wait.
///
/// Writes to one workspace follow each other, since they wait for its lock anyway: meanwhile others
/// gather for the next transaction, and one sync of PostgreSQL's log is for all of them. Writes to
/// other workspaces have transactions beside it.
///
/// Confined to the loop's thread.
final class TodoWriter {
    private struct Waiting {
        let member: BatchRun.Member
        let deadlineMilliseconds: UInt64
    }

    /// The most to-dos that the writes of one transaction change; a single write that changes more
    /// has a transaction of its own.
    private static let transactionTodoCountMax = 1_024

    private let pool: PostgresPool
    private let origin: Int64
    private let notifies: Bool

    /// Connections that transactions may hold, so that one is left for who only reads.
    private let transactionCountMax: Int
    private var transactionCount = 0
    private var busyWorkspaces: Set<ExactText> = []
    private var waiting: [Waiting] = [] {
        didSet { waitingGauge.set(waiting.count) }
    }

    /// Writes that wait for those before them.
    let waitingGauge = WaitingGauge()

    private var isStartDue = false
    private var isClosed = false

    init(in pool: PostgresPool, origin: Int64, notifies: Bool) {
        self.pool = pool
        self.origin = origin
        self.notifies = notifies
        transactionCountMax = max(1, pool.limits.connectionCountMax - 1)
    }

    func write(
        _ request: TodoWriteRequest,
        _ writer: CheckedContinuation<WriteOutcome, Never>
    ) {
        guard !isClosed, waiting.count < pool.limits.waitingCountMax else {
            let reason = "the database is closed, or \(waiting.count) writes wait for it"
            return writer.resume(returning: .failure(.unavailable(reason: reason)))
        }
        let member = BatchRun.Member(request: request, writer: writer)
        waiting.append(
            Waiting(member: member, deadlineMilliseconds: pool.deadlineMilliseconds)
        )
        startLater()
    }

    /// Refuses what waits, and whatever comes.
    func close() {
        isClosed = true
        let abandoned = waiting
        waiting = []
        for write in abandoned {
            write.member.writer.resume(
                returning: .failure(.unavailable(reason: "the database is closed"))
            )
        }
    }

    /// Refuses what has waited too long; called several times a second.
    func tick() {
        let now = pool.loop.monotonicMilliseconds
        let late = waiting.filter { $0.deadlineMilliseconds <= now }
        guard !late.isEmpty else { return }
        waiting.removeAll { $0.deadlineMilliseconds <= now }
        let error = TodoStoreError.unavailable(
            reason: "a write has waited \(pool.limits.requestSeconds) s for those before it"
        )
        for write in late { write.member.writer.resume(returning: .failure(error)) }
    }

    /// What comes in one turn of the loop goes together.
    private func startLater() {
        guard !isStartDue else { return }
        isStartDue = true
        let bound = LoopBound(self, on: pool.loop)
        pool.loop.atEndOfTurn { bound.run { $0.start() } }
    }

    private func start() {
        isStartDue = false
        while transactionCount < transactionCountMax {
            let members = takeBatch()
            guard !members.isEmpty else { return }
            let workspaces = Set(members.map { ExactText($0.request.caller.workspace) })
            busyWorkspaces.formUnion(workspaces)
            transactionCount += 1
            let run = BatchRun(members, in: pool, origin: origin, notifies: notifies) { [self] in
                busyWorkspaces.subtract(workspaces)
                transactionCount -= 1
                startLater()
            }
            pool.loop.startTask(with: run) { await $0.run() }
        }
    }

    /// Takes the writes of the next transaction, in their order.
    private func takeBatch() -> [BatchRun.Member] {
        var taken: [BatchRun.Member] = []
        var left: [Waiting] = []
        var passedOver: Set<ExactText> = []
        var todoCount = 0
        for write in waiting {
            let request = write.member.request
            let workspace = ExactText(request.caller.workspace)
            let isFull =
                todoCount > 0
                && todoCount + request.write.todoCountMax > Self.transactionTodoCountMax
            if isFull || busyWorkspaces.contains(workspace) || passedOver.contains(workspace) {
                passedOver.insert(workspace)
                left.append(write)
            } else {
                taken.append(write.member)
                todoCount += request.write.todoCountMax
            }
        }
        waiting = left
        return taken
    }
}
