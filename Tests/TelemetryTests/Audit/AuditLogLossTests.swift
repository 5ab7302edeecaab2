import Libuv
import Synchronization
import Telemetry
import TestSupport
import Testing

@Suite("Audit log whose disk does not keep what it took")
struct AuditLogLossTests {
    /// Comes to the next checkpoint, which is to be on the disk.
    private func passMinute(_ log: AuditLog) {
        for _ in 1...AuditWriter.checkpointTickCount { log.tick(atMilliseconds: 2_000) }
    }

    @Test func `A file that cannot be synchronized is given up for a new one that says so`()
        async throws
    {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRecorded, waitingCountMax: 200)
        for name in ["one", "two", "three"] { #expect(log.record(AuditLines.record(name))) }
        disk.failureCount.store(1, ordering: .relaxed)
        passMinute(log)
        try await eventually { disk.setAside.withLock { $0.count } == 1 }
        #expect(log.record(AuditLines.record("four")))
        log.close()

        let given = try #require(disk.setAside.withLock { $0.first })
        let old = AuditLines(bytes: given.file.bytes).verified()
        #expect(old.faults.isEmpty)
        #expect(old.recordCount == 3)
        #expect(old.openEnds.count == 1)
        // The header was on the disk before; what came after it nobody can vouch for.
        #expect(AuditLines(bytes: given.file.kept.withLock { $0 }).lines.count == 1)

        let new = AuditLines(bytes: disk.bytes)
        let verdict = new.verified()
        #expect(verdict.faults.isEmpty && verdict.openEnds.isEmpty)
        #expect(verdict.continuesOtherFile)
        #expect(verdict.recordCount == 1)
        // Three records and the checkpoint.
        #expect(verdict.losses.map(\.lineCount) == [4])
        #expect(verdict.losses.map(\.line) == [1])
        #expect(new.lines[0].contains(#""failure":"cannot open "#))
        let chain = given.suffix.replacing(".unsynchronized-", with: "")
        #expect(new.lines[0].contains(#""chain":"\#(chain)""#))
        let both = AuditLines(bytes: given.file.bytes + disk.bytes).verified()
        #expect(both.faults.isEmpty)
        #expect(both.openEnds.map(\.continuedAtLine) == [both.lineCount - verdict.lineCount + 1])
        #expect(disk.reports.withLock { $0.count } == 1)
    }

    @Test func `What a second attempt would claim is never believed`() async throws {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRefused, waitingCountMax: 200)
        #expect(log.record(AuditLines.record("one")))
        // The old file, and twice the one that is to take its place.
        disk.failureCount.store(3, ordering: .relaxed)
        passMinute(log)
        try await eventually { disk.failureCount.load(ordering: .relaxed) == 0 }
        try await eventually { !log.isFailing }
        try await eventually { log.record(AuditLines.record("two")) }
        log.close()
        #expect(disk.setAside.withLock { $0.count } == 1)
        #expect(disk.removedCount.load(ordering: .relaxed) == 2)
        let given = try #require(disk.setAside.withLock { $0.first })
        #expect(AuditLines(bytes: given.file.kept.withLock { $0 }).lines.count == 1)
        let verdict = AuditLines(bytes: disk.bytes).verified()
        #expect(verdict.faults.isEmpty && verdict.openEnds.isEmpty)
        #expect(verdict.chainCount == 1)
        #expect(verdict.recordCount == 1)
        #expect(verdict.losses.map(\.lineCount) == [2])
    }

    @Test func `Where every decision must be kept, all are refused until the new file is on disk`()
        async throws
    {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRefused, waitingCountMax: 200)
        disk.failureCount.store(.max, ordering: .relaxed)
        passMinute(log)
        try await eventually { log.isFailing }
        #expect(!log.record(AuditLines.record("one")))
        // The disk takes lines all the while, and that is not enough.
        try await eventually { disk.removedCount.load(ordering: .relaxed) >= 3 }
        #expect(log.isFailing)
        #expect(!log.record(AuditLines.record("two")))
        disk.failureCount.store(0, ordering: .relaxed)
        try await eventually { log.record(AuditLines.record("three")) }
        log.close()
        #expect(AuditLines(bytes: disk.bytes).verified().recordCount == 1)
    }

    @Test func `A disk that fails for good ends the log and claims nothing`() async throws {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRecorded, waitingCountMax: 200)
        disk.failureCount.store(.max, ordering: .relaxed)
        passMinute(log)
        try await eventually { log.isFailing }
        for name in ["one", "two"] { #expect(log.record(AuditLines.record(name))) }
        log.close()
        #expect(disk.bytes.isEmpty)
        #expect(log.droppedCount == 2)
        let given = try #require(disk.setAside.withLock { $0.first })
        #expect(!AuditLines(bytes: given.file.bytes).lines.joined().contains(#""end""#))
    }

    @Test func `A rotation whose old file cannot be synchronized goes on in one new chain`()
        async throws
    {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRecorded, waitingCountMax: 200)
        #expect(log.record(AuditLines.record("before")))
        let rotated = disk.rotate()
        disk.failureCount.store(1, ordering: .relaxed)
        #expect(log.reopen(atMilliseconds: 2_000))
        #expect(log.record(AuditLines.record("after")))
        log.close()
        // It had another name already.
        #expect(disk.setAside.withLock { $0.isEmpty })
        let old = AuditLines(bytes: rotated.bytes).verified()
        #expect(old.faults.isEmpty && old.openEnds.isEmpty)
        let new = AuditLines(bytes: disk.bytes).verified()
        #expect(new.faults.isEmpty && new.openEnds.isEmpty)
        #expect(new.chainCount == 1)
        #expect(new.recordCount == 1)
        #expect(new.losses.map(\.lineCount) == [2])
    }
}
