internal import Bytes
public import Libuv
internal import Synchronization

/// Carries decisions from the loops to a file, on a thread of its own.
///
/// A disk that is slow, full or failing holds no loop up. What does not fit into the queue meanwhile
/// is dropped and counted, and the count has a line of its own as soon as the disk takes one; or,
/// where every decision must be kept, ``record(_:)`` says so before the request is served.
///
/// A disk that fails to synchronize has lost lines, and nobody knows which: the system tells of it
/// once, and a second attempt succeeds without them. The log goes on in a new file, and says there
/// what happened; until that is on the disk, the disk counts as failing.
public final class AuditLog: Sendable {
    /// What is done with a decision that cannot be kept.
    public enum Loss: Sendable {
        /// It is dropped, and that is recorded.
        case isRecorded
        /// The request is refused.
        case isRefused
    }

    private static let retryMilliseconds: UInt32 = 1_000

    private let loss: Loss
    private let mailbox: Mailbox<AuditWork.Message>
    private let thread: NativeThread
    private let state: AuditWork.State

    /// Opens the file and begins a chain in it.
    ///
    /// - Parameters:
    ///   - path: Of the file, which is made if there is none.
    ///   - key: What header and checkpoints are signed with.
    ///   - loss: What is done with a decision that cannot be kept.
    ///   - waitingCountMax: Decisions that may wait for the disk.
    ///   - milliseconds: The time, since 1970.
    ///   - report: Told what is wrong with the disk: once when that begins.
    /// - Throws: ``LibuvError`` if the file cannot be written to, or there is no thread to be had.
    public convenience init(
        _ path: String,
        signedWith key: AuditKey,
        loss: Loss,
        waitingCountMax: Int,
        atMilliseconds milliseconds: Int64,
        report: @escaping @Sendable (LibuvError) -> Void
    ) throws(LibuvError) {
        try self.init(
            signedWith: key,
            loss: loss,
            waitingCountMax: waitingCountMax,
            atMilliseconds: milliseconds,
            retryMilliseconds: Self.retryMilliseconds,
            open: { () throws(LibuvError) in AuditDisk(try AppendedFile(path)) },
            report: report
        )
    }

    package init(
        signedWith key: AuditKey,
        loss: Loss,
        waitingCountMax: Int,
        atMilliseconds milliseconds: Int64,
        retryMilliseconds: UInt32,
        open: @escaping @Sendable () throws(LibuvError) -> AuditDisk,
        report: @escaping @Sendable (LibuvError) -> Void
    ) throws(LibuvError) {
        self.loss = loss
        let mailbox = Mailbox<AuditWork.Message>(countMax: waitingCountMax)
        let state = AuditWork.State()
        self.mailbox = mailbox
        self.state = state
        var writer = AuditWriter(signedWith: key, processID: NativeThread.processID)
        let disk = try open()
        writer.begin(
            after: try disk.end(),
            id: AuditDisk.randomID(),
            atMilliseconds: milliseconds
        )
        // Now, so that a file which cannot be written to keeps the server from starting.
        try writer.flush(disk.append)
        try disk.settle()
        writer.didSynchronize()
        let work = AuditWork(
            writer: writer,
            disk: disk,
            state: state,
            retryMilliseconds: retryMilliseconds,
            open: open,
            report: report
        )
        thread = try NativeThread(name: "audit-log") {
            var work = work
            while let messages = mailbox.receiveAll() { work.take(messages) }
            work.end()
        }
    }

    /// Keeps a decision, from any thread.
    ///
    /// - Returns: `false` if it is not kept and the request must be refused.
    public func record(_ record: AuditRecord) -> Bool {
        switch loss {
        case .isRecorded:
            if !mailbox.send(.record(record)) {
                state.droppedCount.add(1, ordering: .relaxed)
            }
            return true
        case .isRefused:
            return !state.isFailing.load(ordering: .relaxed) && mailbox.send(.record(record))
        }
    }

    /// A second has passed.
    public func tick(atMilliseconds milliseconds: Int64) {
        // A tick that finds no room is made up for by the next.
        _ = mailbox.send(.tick(milliseconds: milliseconds))
    }

    /// Goes on in the file that has the path now: what the log was rotated away from is complete,
    /// and the new file begins with a header that names its last hash.
    ///
    /// - Returns: `false` if there was no room for the wish: ask again.
    public func reopen(atMilliseconds milliseconds: Int64) -> Bool {
        mailbox.send(.reopen(milliseconds: milliseconds))
    }

    /// Decisions that were dropped and have no line yet.
    public var droppedCount: Int { state.droppedCount.load(ordering: .relaxed) }

    /// Decisions that wait for the disk.
    public var waitingCount: Int { mailbox.count }

    /// How long the disk took to have on it what was written.
    public var synchronizationTimes: HistogramTable {
        state.synchronizationTimes.withLock { $0 }
    }

    /// Whether the disk does not take lines at the moment, or has not yet those of a new file that
    /// takes the place of one it lost.
    public var isFailing: Bool { state.isFailing.load(ordering: .relaxed) }

    /// Writes what waits and a last checkpoint, and ends the thread.
    public func close() {
        state.isClosing.store(true, ordering: .relaxed)
        mailbox.close()
        thread.join()
    }
}
