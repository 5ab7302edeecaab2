internal import Libuv
internal import PostgresClient
internal import Todos

/// What the parts of a store on its loops are made from.
struct LoopParts: Sendable {
    let configuration: PostgresTodoStore.Configuration
    let findings: DatabaseFindings
    let hearing: PostgresTodoStore.Hearing
    let report: @Sendable (PostgresEvent) -> Void

    /// The number of this process, by which it knows its own changes.
    let origin = Int64.random(in: .min ... .max)
}

/// What one loop has of a store.
///
/// Confined to the loop's thread.
final class LoopStore {
    private static let tickMilliseconds: UInt64 = 250

    let pool: PostgresPool
    let writer: TodoWriter
    private let ticker: Ticker

    init(_ parts: LoopParts, on loop: EventLoop) {
        let notifies = parts.findings.hasNotifications
        let pool = PostgresPool(
            parts.configuration.url,
            preparing: PostgresPreparation(
                TodoStatements.all + TaskStatements.all + SessionStatements.all
                    + (notifies ? [TodoStatements.notify, TaskStatements.notifyProcess] : []),
                parts.configuration.preparation
            ),
            parts.configuration.limits,
            on: loop,
            report: parts.report
        )
        let writer = TodoWriter(in: pool, origin: parts.origin, notifies: notifies)
        self.pool = pool
        self.writer = writer
        ticker = Ticker(on: loop, everyMilliseconds: Self.tickMilliseconds) { writer.tick() }
    }

    func close() {
        ticker.close()
        writer.close()
        pool.close()
    }
}

/// What a store does once in a process.
///
/// Confined to its loop's thread.
final class ProcessWork {
    let housekeeping: Housekeeping
    let roll: ProcessRoll
    let sessions = SessionFeed()
    private let tasks: TaskFeed
    private let mailbox: TaskMailbox
    private let feeds: ProcessFeeds

    init(_ parts: LoopParts, in pool: PostgresPool) {
        let configuration = parts.configuration
        let isListening =
            switch configuration.changes {
            case .automatic: parts.findings.hasNotifications
            case .listening: true
            case .polling: false
            }
        housekeeping = Housekeeping(in: pool)
        let tasks = TaskFeed(on: pool.loop)
        self.tasks = tasks
        mailbox = TaskMailbox(in: pool, origin: parts.origin)
        roll = ProcessRoll(
            in: pool,
            origin: parts.origin,
            notifies: parts.findings.hasNotifications
        ) { tasks.tell($0, $1) }
        let tables = [ChangeFeed.table(parts.hearing), sessions.table, tasks.table]
        feeds = ProcessFeeds(
            listeningAt: isListening ? configuration.listenURL ?? configuration.url : nil,
            by: configuration.changes == .listening ? .any : .direct,
            to: tables.map { TableFeed($0, in: pool, origin: parts.origin) } + [mailbox],
            in: pool,
            origin: parts.origin,
            report: parts.report
        )
    }

    /// Tells what other processes do to tasks, from now on.
    func follow(_ hearer: StoredTaskHearer) {
        tasks.hearer = hearer
        mailbox.follow(hearer)
    }

    func close(_ didEnd: @escaping () -> Void) {
        mailbox.close()
        housekeeping.close()
        feeds.close()
        roll.end(didEnd)
    }
}
