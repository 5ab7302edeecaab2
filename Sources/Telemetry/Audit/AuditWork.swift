internal import Libuv
internal import Synchronization

/// What the thread of an audit log does.
struct AuditWork: Sendable {
    enum Message: Sendable {
        case record(AuditRecord)
        case tick(milliseconds: Int64)
        case reopen(milliseconds: Int64)
    }

    /// What the thread and the loops have in common.
    final class State: Sendable {
        let droppedCount = Atomic<Int>(0)
        let isFailing = Atomic<Bool>(false)
        let isClosing = Atomic<Bool>(false)
        let synchronizationTimes = Mutex(
            HistogramTable(seriesCount: 1, boundsNanoseconds: AuditWork.boundsNanoseconds)
        )
    }

    /// Upper bounds of the buckets of ``State/synchronizationTimes``.
    private static let boundsNanoseconds: [UInt64] = [
        100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000,
        50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000, 5_000_000_000,
    ]

    /// A file that the disk has not kept.
    private struct GivenUpFile {
        /// Of the chain that is to follow it.
        let nextID: String
        let failure: LibuvError
    }

    /// Where lines are that were to be written.
    private enum Outcome {
        case written
        /// Perhaps lost, with their file; a chain has begun in another.
        case givenUp
        /// Nowhere, as the server stops.
        case unwritten
    }

    /// What stands behind the name of a file that was given up, before the chain that followed.
    private static let suffix = ".unsynchronized-"

    private var writer: AuditWriter
    private var disk: AuditDisk
    private let state: State
    private let retryMilliseconds: UInt32
    private let open: @Sendable () throws(LibuvError) -> AuditDisk
    private let report: @Sendable (LibuvError) -> Void

    /// What ``disk`` is as long as no other file has taken its place: nothing is written to it.
    private var givenUp: GivenUpFile?

    init(
        writer: AuditWriter,
        disk: AuditDisk,
        state: State,
        retryMilliseconds: UInt32,
        open: @escaping @Sendable () throws(LibuvError) -> AuditDisk,
        report: @escaping @Sendable (LibuvError) -> Void
    ) {
        self.writer = writer
        self.disk = disk
        self.state = state
        self.retryMilliseconds = retryMilliseconds
        self.open = open
        self.report = report
    }

    mutating func take(_ messages: [Message]) {
        _ = hasFile()
        var mustSynchronize = false
        for message in messages {
            switch message {
            case .record(let record):
                if givenUp == nil {
                    writer.append(record)
                } else {
                    state.droppedCount.add(1, ordering: .relaxed)
                }
            case .tick(let milliseconds):
                guard givenUp == nil else { continue }
                noteDropped(atMilliseconds: milliseconds)
                if writer.tick(atMilliseconds: milliseconds) { mustSynchronize = true }
            case .reopen(let milliseconds):
                if givenUp == nil { reopen(atMilliseconds: milliseconds) }
            }
        }
        if givenUp == nil { _ = write(mustSynchronize: mustSynchronize) }
    }

    mutating func end() {
        guard hasFile() else { return }
        let now = WallClock.millisecondsSinceEpoch()
        noteDropped(atMilliseconds: now)
        writer.end(atMilliseconds: now)
        guard case .givenUp = write(mustSynchronize: true) else { return }
        writer.end(atMilliseconds: now)
        _ = write(mustSynchronize: true)
    }

    private mutating func noteDropped(atMilliseconds milliseconds: Int64) {
        let count = state.droppedCount.exchange(0, ordering: .relaxed)
        if count > 0 { writer.appendDropped(count, atMilliseconds: milliseconds) }
    }

    private mutating func reopen(atMilliseconds milliseconds: Int64) {
        writer.end(atMilliseconds: milliseconds)
        var end = AuditFileEnd.empty
        switch write(mustSynchronize: true) {
        case .givenUp: return
        case .unwritten:
            // What waits belongs into the old file.
            if givenUp != nil { return }
        case .written:
            do throws(LibuvError) {
                let next = try open()
                end = try next.end()
                disk = next
            } catch {
                // Goes on in the old file.
                report(error)
            }
        }
        writer.begin(after: end, id: AuditDisk.randomID(), atMilliseconds: milliseconds)
    }

    /// Tries until it is done, or the server stops.
    private mutating func write(mustSynchronize: Bool) -> Outcome {
        while true {
            do throws(LibuvError) {
                try writer.flush(disk.append)
                break
            } catch {
                guard waits(after: error) else { return .unwritten }
            }
        }
        if mustSynchronize {
            do throws(LibuvError) {
                try timed(disk.synchronize)
                writer.didSynchronize()
            } catch {
                return goOnElsewhere(after: error)
            }
        }
        state.isFailing.store(false, ordering: .relaxed)
        return .written
    }

    /// Takes note of how long the disk takes, whether or not it succeeds.
    private func timed(_ synchronize: () throws(LibuvError) -> Void) throws(LibuvError) {
        let start = MonotonicClock.nanoseconds()
        defer {
            let end = MonotonicClock.nanoseconds()
            state.synchronizationTimes.withLock { $0.record(0, nanoseconds: end &- start) }
        }
        try synchronize()
    }

    /// - Returns: Whether there is to be another attempt.
    private func waits(after error: LibuvError) -> Bool {
        let wasFailing = state.isFailing.exchange(true, ordering: .relaxed)
        if !wasFailing { report(error) }
        guard !state.isClosing.load(ordering: .relaxed) else { return false }
        NativeThread.pause(milliseconds: retryMilliseconds)
        return true
    }

    /// Gives up a file that the disk has not kept, for a new one under the same path.
    private mutating func goOnElsewhere(after failure: LibuvError) -> Outcome {
        givenUp = GivenUpFile(nextID: AuditDisk.randomID(), failure: failure)
        state.isFailing.store(true, ordering: .relaxed)
        report(failure)
        return hasFile() ? .givenUp : .unwritten
    }

    /// Whether there is a file to write to, once it has been tried until there is or the server
    /// stops.
    private mutating func hasFile() -> Bool {
        var isReported = false
        while let file = givenUp {
            do throws(LibuvError) {
                try begin(after: file)
                givenUp = nil
                state.isFailing.store(false, ordering: .relaxed)
            } catch {
                if !isReported { report(error) }
                isReported = true
                guard waits(after: error) else { return false }
            }
        }
        return true
    }

    /// Begins a chain in a new file, of which nothing is left if that fails.
    private mutating func begin(after file: GivenUpFile) throws(LibuvError) {
        try disk.setAside(Self.suffix + file.nextID)
        let next = try open()
        let end = try next.end()
        var writer = writer
        writer.beginAnew(
            after: end,
            id: file.nextID,
            reason: "\(file.failure)",
            atMilliseconds: WallClock.millisecondsSinceEpoch()
        )
        do throws(LibuvError) {
            try writer.flush(next.append)
            try timed(next.settle)
        } catch {
            // Another process may have begun it, and has lines there.
            if case .empty = end { try next.remove() }
            throw error
        }
        writer.didSynchronize()
        self.writer = writer
        disk = next
    }
}
