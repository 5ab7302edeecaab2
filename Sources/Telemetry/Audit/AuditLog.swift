internal import Bytes
public import Libuv
internal import Synchronization

/// Carries decisions from the loops to a file, on a thread of its own.
///
/// A disk that is slow, full or failing holds no loop up. What does not fit into the queue meanwhile
/// is dropped and counted, and the count has a line of its own as soon as the disk takes one; or,
/// where every decision must be kept, ``record(_:)`` says so before the request is served.
public final class AuditLog: Sendable {
    /// What is done with a decision that cannot be kept.
    public enum Loss: Sendable {
        /// It is dropped, and that is recorded.
        case isRecorded
        /// The request is refused.
        case isRefused
    }

    /// Where the lines go, and when it is tried again.
    package struct Disk: Sendable {
        /// Takes some of the bytes.
        package let append: @Sendable (borrowing Span<UInt8>) throws(LibuvError) -> Int

        /// Has on the disk what was appended.
        package let synchronize: @Sendable () throws(LibuvError) -> Void

        /// How what is there already ends.
        package let end: @Sendable () throws(LibuvError) -> AuditFileEnd

        package init(
            append: @escaping @Sendable (borrowing Span<UInt8>) throws(LibuvError) -> Int,
            synchronize: @escaping @Sendable () throws(LibuvError) -> Void,
            end: @escaping @Sendable () throws(LibuvError) -> AuditFileEnd
        ) {
            self.append = append
            self.synchronize = synchronize
            self.end = end
        }
    }

    private enum Message: Sendable {
        case record(AuditRecord)
        case tick(milliseconds: Int64)
        case reopen(milliseconds: Int64)
    }

    private static let retryMilliseconds: UInt32 = 1_000

    private let loss: Loss
    private let mailbox: Mailbox<Message>
    private let thread: NativeThread
    private let state: State

    /// What the thread and the loops have in common.
    private final class State: Sendable {
        let droppedCount = Atomic<Int>(0)
        let isFailing = Atomic<Bool>(false)
        let isClosing = Atomic<Bool>(false)
    }

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
            open: { () throws(LibuvError) in Disk(try AppendedFile(path)) },
            report: report
        )
    }

    package init(
        signedWith key: AuditKey,
        loss: Loss,
        waitingCountMax: Int,
        atMilliseconds milliseconds: Int64,
        retryMilliseconds: UInt32,
        open: @escaping @Sendable () throws(LibuvError) -> Disk,
        report: @escaping @Sendable (LibuvError) -> Void
    ) throws(LibuvError) {
        self.loss = loss
        let mailbox = Mailbox<Message>(countMax: waitingCountMax)
        let state = State()
        self.mailbox = mailbox
        self.state = state
        var writer = AuditWriter(signedWith: key, processID: NativeThread.processID)
        let disk = try open()
        writer.begin(after: try disk.end(), id: Self.randomID(), atMilliseconds: milliseconds)
        // Now, so that a file which cannot be written to keeps the server from starting.
        try writer.flush(disk.append)
        try disk.synchronize()
        let work = Work(
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

    /// Whether the disk does not take lines at the moment.
    public var isFailing: Bool { state.isFailing.load(ordering: .relaxed) }

    /// Writes what waits and a last checkpoint, and ends the thread.
    public func close() {
        state.isClosing.store(true, ordering: .relaxed)
        mailbox.close()
        thread.join()
    }

    private static func randomID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// What the thread does.
    private struct Work: Sendable {
        var writer: AuditWriter
        var disk: Disk
        let state: State
        let retryMilliseconds: UInt32
        let open: @Sendable () throws(LibuvError) -> Disk
        let report: @Sendable (LibuvError) -> Void

        mutating func take(_ messages: [Message]) {
            var mustSynchronize = false
            for message in messages {
                switch message {
                case .record(let record): writer.append(record)
                case .tick(let milliseconds):
                    noteDropped(atMilliseconds: milliseconds)
                    if writer.tick(atMilliseconds: milliseconds) { mustSynchronize = true }
                case .reopen(let milliseconds): reopen(atMilliseconds: milliseconds)
                }
            }
            write(mustSynchronize: mustSynchronize)
        }

        mutating func end() {
            let now = WallClock.millisecondsSinceEpoch()
            noteDropped(atMilliseconds: now)
            writer.end(atMilliseconds: now)
            write(mustSynchronize: true)
        }

        private mutating func noteDropped(atMilliseconds milliseconds: Int64) {
            let count = state.droppedCount.exchange(0, ordering: .relaxed)
            if count > 0 { writer.appendDropped(count, atMilliseconds: milliseconds) }
        }

        private mutating func reopen(atMilliseconds milliseconds: Int64) {
            writer.end(atMilliseconds: milliseconds)
            write(mustSynchronize: true)
            var end = AuditFileEnd.empty
            do throws(LibuvError) {
                let next = try open()
                end = try next.end()
                disk = next
            } catch {
                // Goes on in the old file.
                report(error)
            }
            writer.begin(after: end, id: AuditLog.randomID(), atMilliseconds: milliseconds)
        }

        /// Tries until it is done, or the server stops.
        private mutating func write(mustSynchronize: Bool) {
            while true {
                do throws(LibuvError) {
                    try writer.flush(disk.append)
                    if mustSynchronize { try disk.synchronize() }
                    state.isFailing.store(false, ordering: .relaxed)
                    return
                } catch {
                    let wasFailing = state.isFailing.exchange(true, ordering: .relaxed)
                    if !wasFailing { report(error) }
                    guard !state.isClosing.load(ordering: .relaxed) else { return }
                    NativeThread.pause(milliseconds: retryMilliseconds)
                }
            }
        }
    }
}

extension AuditLog.Disk {
    init(_ file: AppendedFile) {
        append = { bytes throws(LibuvError) in try file.append(bytes) }
        synchronize = { () throws(LibuvError) in try file.synchronize() }
        end = { () throws(LibuvError) in
            AuditFileEnd(tail: try file.tail(byteCountMax: AuditFileEnd.byteCountMax))
        }
    }
}
