internal import CLibuv
internal import Glibc
internal import Synchronization

/// A libuv loop that runs Swift jobs: the executor of everything that owns a socket.
///
/// One loop is one thread. What is isolated to a loop may call libuv directly, because it runs on
/// the only thread libuv allows (<https://docs.libuv.org/en/v1.x/design.html#the-i-o-loop>). Two
/// actors that share a loop call each other without a hop, and a task whose executor preference is
/// the loop stays on it.
///
/// Jobs that the loop's own thread enqueues go into a plain queue; jobs from other threads into a
/// second one behind a mutex, with one wake-up for as many as arrive together. Both are emptied
/// just before the loop waits for events and just after it has handled them.
@safe
public final class EventLoop: SerialExecutor, TaskExecutor {
    /// What other threads leave for the loop: the only state that two threads share.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []

        /// Whether the loop has run its last turn: nothing that comes now is ever done.
        var isClosed = false
        var isEmpty: Bool { jobs.isEmpty && work.isEmpty }
    }

    /// Every loop: libuv and actors refer to them without a retain, so none is ever released.
    ///
    /// Descriptors and buffers are, once a loop has run.
    private static let all = Mutex<[EventLoop]>([])

    /// Size of the buffer that all connections of a loop read into.
    public static let receiveBufferByteCount = 65_536

    /// The identity of no thread: what a loop that has run its last turn compares with.
    private static let noThreadID = UInt.max

    /// How many rounds of jobs may follow each other before sockets get their turn.
    private static let jobRoundCountMax = 16

    /// Handles that a loop has of itself.
    private static let ownHandleCount = 4

    private let inbox = Mutex(Inbox())

    /// Whose the loop is; 0 while it is nobody's.
    private let threadID = Atomic<UInt>(0)

    /// How many threads are about to wake the loop up.
    private let wakingCount = Atomic<Int>(0)

    // Safe: allocated in `init` and used only on the loop's thread.
    nonisolated(unsafe) let handle: UnsafeMutablePointer<uv_loop_t>
    nonisolated(unsafe) private let prepare: UnsafeMutablePointer<uv_prepare_t>
    nonisolated(unsafe) private let afterPoll: UnsafeMutablePointer<uv_check_t>
    nonisolated(unsafe) private let idle: UnsafeMutablePointer<uv_idle_t>

    // Safe: `uv_async_send` is the one libuv call any thread may make.
    nonisolated(unsafe) private let wakeup: UnsafeMutablePointer<uv_async_t>

    // Safe: handed to libuv and to the read callback, both on the loop's thread.
    nonisolated(unsafe) let receiveBuffer: UnsafeMutableRawBufferPointer

    // Safe: the five below are touched on the loop's thread only; every path checks or is a
    // callback of libuv.
    nonisolated(unsafe) private var localJobs: [UnownedJob] = []
    nonisolated(unsafe) private var spareJobs: [UnownedJob] = []
    nonisolated(unsafe) private var endOfTurnWork: [@Sendable () -> Void] = []
    nonisolated(unsafe) private var isIdleActive = false
    nonisolated(unsafe) private var streamQueuedByteCount = 0

    /// Allocates a loop, which runs nothing until ``run()`` and lives until the process ends.
    ///
    /// - Throws: ``LibuvError`` when the process is out of memory or file descriptors.
    public init() throws(LibuvError) {
        unsafe handle = .allocate(capacity: 1)
        unsafe prepare = .allocate(capacity: 1)
        unsafe afterPoll = .allocate(capacity: 1)
        unsafe idle = .allocate(capacity: 1)
        unsafe wakeup = .allocate(capacity: 1)
        unsafe receiveBuffer = .allocate(
            byteCount: Self.receiveBufferByteCount,
            alignment: MemoryLayout<UInt64>.alignment
        )
        try unsafe check(uv_loop_init(handle), "create an event loop")
        try unsafe check(uv_async_init(handle, wakeup, onWakeup), "create a wake-up handle")
        try unsafe check(uv_prepare_init(handle, prepare), "create a prepare handle")
        try unsafe check(uv_check_init(handle, afterPoll), "create a check handle")
        try unsafe check(uv_idle_init(handle, idle), "create an idle handle")
        // Where a stream that is about to read finds it without asking a Swift object.
        unsafe handle.pointee.data = receiveBuffer.baseAddress
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe wakeup.pointee.data = context
        unsafe prepare.pointee.data = context
        unsafe afterPoll.pointee.data = context
        unsafe idle.pointee.data = context
        try unsafe check(uv_prepare_start(prepare, onPrepare), "start a prepare handle")
        try unsafe check(uv_check_start(afterPoll, onCheck), "start a check handle")
        unsafe uv_unref(UnsafeMutableRawPointer(prepare).assumingMemoryBound(to: uv_handle_t.self))
        unsafe uv_unref(
            UnsafeMutableRawPointer(afterPoll).assumingMemoryBound(to: uv_handle_t.self)
        )
        Self.all.withLock { $0.append(self) }
    }

    /// The loop that the calling thread runs, if it runs one.
    public static var current: EventLoop? {
        guard let context = unsafe uv_key_get(CurrentLoop.key) else { return nil }
        return unsafe Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue()
    }

    /// Runs the loop on the calling thread until ``stop()``.
    ///
    /// - Precondition: Called once.
    public func run() {
        enter()
        _ = unsafe uv_run(handle, UV_RUN_DEFAULT)
        close()
        // The system may give this thread's identity to a new thread, which must not pass for it.
        leave(to: Self.noThreadID)
    }

    /// Makes the loop the calling thread's.
    func enter() {
        let previous = threadID.exchange(currentThreadID(), ordering: .relaxed)
        precondition(previous == 0, "an event loop runs once, on one thread")
        unsafe uv_key_set(CurrentLoop.key, Unmanaged.passUnretained(self).toOpaque())
    }

    private func leave(to next: UInt) {
        unsafe uv_key_set(CurrentLoop.key, nil)
        threadID.store(next, ordering: .relaxed)
    }

    /// Makes the loop nobody's, until it is entered again.
    func leave() {
        leave(to: 0)
    }

    /// Gives back descriptors and buffers, if nobody has left anything open on the loop.
    ///
    /// - Returns: Whether nobody had.
    @discardableResult
    func close() -> Bool {
        inbox.withLock { $0.isClosed = true }
        // Nothing else is to be done on this thread but to wait for a system call of another.
        while wakingCount.load(ordering: .acquiring) > 0 { uv_sleep(1) }
        var openCount = 0
        unsafe uv_walk(handle, countOpenHandle, &openCount)
        guard openCount == Self.ownHandleCount else { return false }
        unsafe close(wakeup)
        unsafe close(prepare)
        unsafe close(afterPoll)
        unsafe close(idle)
        // Those that were closed in the last turn are told so, and no job is run.
        _ = unsafe uv_run(handle, UV_RUN_NOWAIT)
        guard unsafe uv_loop_close(handle) == 0 else { return false }
        unsafe receiveBuffer.deallocate()
        return true
    }

    /// Whether a turn would find something to do: a job, a descriptor that is ready, a timer that was
    /// due in the last turn.
    ///
    /// What began to be watched in the last turn is seen once there was another one.
    ///
    /// - Precondition: Called between two turns, by whoever makes them.
    package var isReady: Bool {
        if unsafe !localJobs.isEmpty || !endOfTurnWork.isEmpty { return true }
        if unsafe uv_backend_timeout(handle) == 0 { return true }
        var backend = unsafe pollfd(fd: uv_backend_fd(handle), events: Int16(POLLIN), revents: 0)
        return unsafe poll(&backend, 1, 0) > 0
    }

    private func close(_ own: UnsafeMutableRawPointer) {
        unsafe uv_close(own.assumingMemoryBound(to: uv_handle_t.self), nil)
    }

    /// Lets ``run()`` return at the end of this turn, whatever is still open.
    public func stop() {
        submit { [self] in unsafe uv_stop(handle) }
    }

    /// Milliseconds of a clock that never goes back, read once a turn.
    ///
    /// - Precondition: Called on the loop's thread.
    public var monotonicMilliseconds: UInt64 {
        unsafe uv_now(handle)
    }

    /// Runs `work` on the loop's thread, from any thread, in the order of submission.
    public func submit(_ work: @escaping @Sendable () -> Void) {
        let mustWake = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            defer { inbox.work.append(work) }
            return isFirst(in: inbox)
        }
        if mustWake { wake() }
    }

    /// Whether whoever adds to the inbox must wake the loop up, which is then waited for.
    ///
    /// An inbox that is not empty has a wake-up on its way; libuv would merge a second one.
    private func isFirst(in inbox: Inbox) -> Bool {
        guard inbox.isEmpty else { return false }
        wakingCount.add(1, ordering: .relaxed)
        return true
    }

    private func wake() {
        _ = unsafe uv_async_send(wakeup)
        wakingCount.subtract(1, ordering: .releasing)
    }

    /// Runs `work` before the loop next waits for events.
    ///
    /// What a turn does many times and needs to announce once goes here: a signal to another
    /// thread, a flush.
    ///
    /// - Precondition: Called on the loop's thread.
    public func atEndOfTurn(_ work: @escaping @Sendable () -> Void) {
        checkIsolated()
        unsafe endOfTurnWork.append(work)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoopThread {
            unsafe localJobs.append(job)
            return
        }
        let mustWake = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            defer { inbox.jobs.append(job) }
            return isFirst(in: inbox)
        }
        if mustWake { wake() }
    }

    public func isIsolatingCurrentContext() -> Bool? {
        isOnLoopThread
    }

    /// Bytes of all streams of the loop that the kernel has not taken yet.
    ///
    /// Only to be asked for on the loop's thread.
    public var queuedByteCount: Int {
        checkIsolated()
        return unsafe streamQueuedByteCount
    }

    /// A stream has queued so many bytes, or fewer wait.
    func didQueue(_ byteCount: Int) {
        unsafe streamQueuedByteCount += byteCount
    }

    public func checkIsolated() {
        precondition(isOnLoopThread, "called off the event loop's thread")
    }

    private var isOnLoopThread: Bool {
        threadID.load(ordering: .relaxed) == currentThreadID()
    }

    /// Moves what other threads left into the loop's own queue, and runs submitted work.
    fileprivate func takeInbox() {
        let received = inbox.withLock { inbox in
            let received = inbox
            inbox.jobs.removeAll(keepingCapacity: true)
            inbox.work.removeAll()
            return received
        }
        unsafe localJobs.append(contentsOf: received.jobs)
        for work in received.work { work() }
    }

    /// Runs jobs until there are none, or until the sockets have waited long enough.
    ///
    /// If jobs remain, an idle handle keeps the loop from sleeping, so they run after one look at
    /// the sockets: a job that reschedules itself for ever cannot starve them.
    fileprivate func finishTurn() {
        var roundCount = 0
        while unsafe !localJobs.isEmpty, roundCount < Self.jobRoundCountMax {
            unsafe swap(&localJobs, &spareJobs)
            for job in unsafe spareJobs {
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            }
            unsafe spareJobs.removeAll(keepingCapacity: true)
            roundCount += 1
        }
        if unsafe !endOfTurnWork.isEmpty {
            let announcements = unsafe endOfTurnWork
            unsafe endOfTurnWork.removeAll(keepingCapacity: true)
            for work in announcements { work() }
        }
        let mustNotSleep = unsafe !localJobs.isEmpty || !endOfTurnWork.isEmpty
        guard unsafe mustNotSleep != isIdleActive else { return }
        unsafe isIdleActive = mustNotSleep
        if mustNotSleep {
            _ = unsafe uv_idle_start(idle, onIdle)
        } else {
            _ = unsafe uv_idle_stop(idle)
        }
    }
}

/// Which loop a thread runs, in a slot of the thread's own.
private enum CurrentLoop {
    // Safe: written once, by the lazy initialization of a static. A pointer, as handing libuv a
    // variable of all threads `inout` would claim to change it.
    nonisolated(unsafe) static let key: UnsafeMutablePointer<uv_key_t> = {
        let key = UnsafeMutablePointer<uv_key_t>.allocate(capacity: 1)
        let status = unsafe uv_key_create(key)
        precondition(status == 0, "no thread-local storage left")
        return unsafe key
    }()
}

private let onWakeup: uv_async_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().takeInbox()
}

private let onPrepare: uv_prepare_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().finishTurn()
}

private let onCheck: uv_check_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().finishTurn()
}

private let onIdle: uv_idle_cb = { _ in }

private let countOpenHandle: uv_walk_cb = { handle, count in
    guard let handle = unsafe handle, let count = unsafe count,
        unsafe uv_is_closing(handle) == 0
    else { return }
    unsafe count.assumingMemoryBound(to: Int.self).pointee += 1
}

private func currentThreadID() -> UInt {
    UInt(uv_thread_self())
}
