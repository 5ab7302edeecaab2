internal import Libuv
package import Logging
package import MCP
internal import Synchronization

/// Looks after the tasks of a process: begins them, has them answered, stops and ends them.
///
/// Any loop may ask about any task, so what runs is behind a lock, which no other request takes.
/// A task of which clients are told is in the store before, and so is the end of one.
package final class TaskKeeper: Sendable {
    /// What became of a call that was to become a task.
    package enum Creation: Sendable {
        case created(TaskRecord)
        case refused(RequestFailure)
    }

    struct State {
        var tasks: [TaskID: RunningTask] = [:]

        /// Tasks of other processes that somebody here listens to and that have changed just now.
        var others: [TaskID: OtherTask] = [:]

        /// Tools at work, those included whose task has been cancelled meanwhile.
        var runningCount = 0
        var isStopping = false
        var waitsForTools = true
        var isTicking = false
        var tickCount = 0
        var allEnded: CheckedContinuation<Void, Never>?
        var stopSecondsLeft = 0

        /// Takes out whoever waits for the tools to end, if that was long enough.
        mutating func takeStopWaiter() -> CheckedContinuation<Void, Never>? {
            guard let waiter = allEnded else { return nil }
            stopSecondsLeft -= 1
            guard stopSecondsLeft <= 0 else { return nil }
            allEnded = nil
            return waiter
        }

        /// Forgets the tasks of other processes whose listeners have been told.
        mutating func forgetOthers() {
            for id in others.keys {
                others[id]?.seconds += 1
                if let other = others[id], other.seconds > TaskKeeper.endedSecondsMax {
                    others[id] = nil
                }
            }
        }
    }

    /// Seconds that the end of a task is at hand for those who listen.
    static let endedSecondsMax = 10

    /// Seconds between looks at the store for tasks whose time is up.
    static let purgeSeconds = 60

    /// Seconds that tools have to end in when the server stops.
    static let stopSecondsMax = 5

    let limits: TaskLimits
    let store: any TaskStore
    let changes: ChangeAnnouncer
    let now: @Sendable () -> Int64
    let logger: Logger
    let state = Mutex(State())

    /// The clock gives milliseconds since 1970.
    package init(
        _ limits: TaskLimits,
        store: any TaskStore,
        changes: ChangeAnnouncer,
        logger: Logger,
        now: @escaping @Sendable () -> Int64 = { WallClock.millisecondsSinceEpoch() }
    ) {
        precondition(limits.runSeconds <= limits.lifetimeSeconds, "a task outlives its run")
        self.limits = limits
        self.store = store
        self.changes = changes
        self.logger = logger
        self.now = now
    }

    /// Ends what processes before this one have left, and hears what others do from now on.
    ///
    /// Called once, before the first task begins.
    func recover() async {
        do throws(TaskStoreError) {
            try await store.interruptAll(
                message: "The server was restarted before the task ended.",
                atMilliseconds: now()
            )
        } catch {
            logger.error("tasks of the last run stay as they are: \(error)")
        }
        await follow()
    }
}
