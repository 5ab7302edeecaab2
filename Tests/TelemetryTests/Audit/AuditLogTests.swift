import Bytes
import Libuv
import Synchronization
import Telemetry
import TestSupport
import Testing

@Suite("Audit log, written")
struct AuditLogTests {
    @Test func `A line is never half missing, however little the disk takes at a time`() {
        var log = AuditLines()
        log.writer.begin(after: .empty, id: "c0ffee", atMilliseconds: 1_000)
        log.writer.append(AuditLines.record("one"))
        log.writer.end(atMilliseconds: 3_000)
        struct Full: Error {}
        var taken: [UInt8] = []
        var attemptCount = 0
        while !log.writer.pending.isEmpty {
            attemptCount += 1
            do throws(Full) {
                try log.writer.flush { bytes throws(Full) in
                    guard taken.count < attemptCount * 20 else { throw Full() }
                    let count = min(7, bytes.count)
                    for index in 0..<count { taken.append(bytes[index]) }
                    return count
                }
            } catch {
                continue
            }
        }
        #expect(attemptCount > 10)
        log.bytes = taken
        #expect(log.verified().faults.isEmpty)
        #expect(log.verified().recordCount == 1)
        #expect(log.verified().openEnds.isEmpty)
    }

    @Test func `A signed checkpoint is made every sixty ticks`() {
        var log = AuditLines()
        log.begin()
        for tick in 1...180 {
            #expect(log.writer.tick(atMilliseconds: Int64(tick)) == (tick % 60 == 0))
        }
        log.flush()
        #expect(log.lines.filter { $0.contains(#""checkpoint":"periodic""#) }.count == 3)
    }

    @Test func `What is written is read back whole, and a restart goes on behind it`() throws {
        let disk = AuditTestDisk()
        for number in 0..<3 {
            let log = try disk.log(.isRecorded, waitingCountMax: 100)
            for name in ["a", "b"] { #expect(log.record(AuditLines.record("\(name)\(number)"))) }
            log.close()
        }
        let verdict = AuditLines(bytes: disk.bytes).verified()
        #expect(verdict.faults.isEmpty)
        #expect(verdict.openEnds.isEmpty)
        #expect(verdict.chainCount == 3)
        #expect(verdict.recordCount == 6)
    }

    @Test func `What a full disk drops is counted in the chain, and nothing is refused`() throws {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRecorded, waitingCountMax: 4)
        disk.isFull.store(true, ordering: .relaxed)
        var recordedCount = 0
        // The thread holds what it took when the disk filled up; the queue holds four more.
        while log.droppedCount < 3 {
            #expect(log.record(AuditLines.record("\(recordedCount)")))
            recordedCount += 1
        }
        let dropped = log.droppedCount
        disk.isFull.store(false, ordering: .relaxed)
        log.close()
        let verdict = AuditLines(bytes: disk.bytes).verified()
        #expect(verdict.faults.isEmpty)
        #expect(verdict.droppedCount == dropped)
        #expect(verdict.recordCount == recordedCount - dropped)
        #expect(disk.reports.withLock { $0.count } <= 1)
    }

    @Test func `Where every decision must be kept, a full disk refuses and recovers by itself`()
        async throws
    {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRefused, waitingCountMax: 4)
        disk.isFull.store(true, ordering: .relaxed)
        var kept = 0
        while log.record(AuditLines.record("\(kept)")) { kept += 1 }
        #expect(log.droppedCount == 0)
        disk.isFull.store(false, ordering: .relaxed)
        try await eventually { !log.isFailing }
        try await eventually { log.record(AuditLines.record("later")) }
        log.close()
        let verdict = AuditLines(bytes: disk.bytes).verified()
        #expect(verdict.faults.isEmpty)
        #expect(verdict.droppedCount == 0)
        #expect(verdict.recordCount == kept + 1)
    }

    @Test func `The queue takes as many decisions as it may and not one more`() throws {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRefused, waitingCountMax: 8)
        disk.isSlow.withLock { $0 = true }
        // The thread takes what is there and waits for the disk with it.
        #expect(log.record(AuditLines.record("taken")))
        disk.entered.wait()
        for number in 1...8 { #expect(log.record(AuditLines.record("\(number)"))) }
        #expect(!log.record(AuditLines.record("9")))
        #expect(log.waitingCount == 8)
        #expect(log.synchronizationTimes.occurring.isEmpty)
        disk.isSlow.withLock { $0 = false }
        log.close()
        #expect(log.waitingCount == 0)
        #expect(log.synchronizationTimes.occurring.count == 1)
        #expect(AuditLines(bytes: disk.bytes).verified().recordCount == 9)
    }

    @Test func `A log that was renamed ends, and goes on in a new file that names its end`()
        throws
    {
        let disk = AuditTestDisk()
        let log = try disk.log(.isRecorded, waitingCountMax: 100)
        #expect(log.record(AuditLines.record("before")))
        let rotated = disk.rotate()
        #expect(log.reopen(atMilliseconds: 2_000))
        #expect(log.record(AuditLines.record("after")))
        log.close()
        let old = AuditLines(bytes: rotated.bytes).verified()
        #expect(old.faults.isEmpty && old.openEnds.isEmpty && old.recordCount == 1)
        let new = AuditLines(bytes: disk.bytes).verified()
        #expect(new.faults.isEmpty && new.openEnds.isEmpty && new.recordCount == 1)
        #expect(new.continuesOtherFile)
        #expect(AuditLines(bytes: rotated.bytes + disk.bytes).verified().faults.isEmpty)
    }
}
