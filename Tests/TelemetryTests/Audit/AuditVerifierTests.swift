import Bytes
import Telemetry
import Testing

@Suite("Audit log, verified")
struct AuditVerifierTests {
    @Test func `An untouched log has no fault, however it is read`() {
        let log = AuditLines.whole
        for count in [1, 7, 100, 100_000] {
            let verdict = log.verified(pieceByteCount: count)
            #expect(verdict.faults.isEmpty)
            #expect(verdict.openEnds.isEmpty)
            #expect(verdict.lineCount == 8)
            #expect(verdict.recordCount == 5)
            #expect(verdict.chainCount == 1)
        }
    }

    @Test(arguments: 1...8)
    func `A change of any one byte of a line is told with the number of a line`(number: Int) {
        let line = AuditLines.whole.lines[number - 1]
        for offset in stride(from: 0, to: line.utf8.count, by: 5) {
            var log = AuditLines.whole
            var bytes = Array(line.utf8)
            bytes[offset] = bytes[offset] == UInt8(ascii: "e") ? UInt8(ascii: "f") : 0x65
            log.lines[number - 1] = String(decoding: bytes, as: UTF8.self)
            let faults = log.verified().faults
            #expect(!faults.isEmpty, "byte \(offset) of line \(number)")
            #expect(faults.allSatisfy { $0.line >= number }, "byte \(offset) of line \(number)")
            #expect((faults.first?.line ?? 9) <= number + 1, "byte \(offset) of line \(number)")
        }
    }

    @Test func `A decision turned round is told`() {
        var log = AuditLines.whole
        log.lines[2] = log.lines[2].replacing("allowed", with: "refused")
        #expect(log.verified().faults == [.line(3, .changed)])
    }

    @Test func `A line left out is a gap`() {
        for index in 1...6 {
            var log = AuditLines.whole
            log.lines.remove(at: index)
            #expect(log.verified().faults == [.line(index + 1, .gap(lineCount: 1))])
        }
        var log = AuditLines.whole
        log.lines.removeSubrange(1...3)
        #expect(log.verified().faults == [.line(2, .gap(lineCount: 3))])
        #expect("\(log.verified().faults[0])".contains("3 lines"))
    }

    @Test func `A line put in, repeated or moved is told`() {
        var repeated = AuditLines.whole
        repeated.lines.insert(repeated.lines[2], at: 3)
        #expect(repeated.verified().faults.first == .line(4, .repeated))
        var swapped = AuditLines.whole
        swapped.lines.swapAt(1, 2)
        #expect(swapped.verified().faults.first == .line(2, .gap(lineCount: 1)))
        var foreign = AuditLines.whole
        foreign.lines.insert("what I like", at: 4)
        #expect(foreign.verified().faults == [.line(5, .malformed)])
    }

    @Test(arguments: [Int.max - 1, Int.max])
    func `A number that no log comes to is told, and nothing traps`(number: Int) {
        let hash = String(repeating: "A", count: 43)
        func line(_ number: Int) -> String {
            """
            {"chain":"0000000000000001","n":\(number),"time":"2026-01-01T00:00:00.000Z",\
            "decision":"allowed","hash":"\(hash)"}
            """
        }
        var log = AuditLines.whole
        log.lines += [line(number), line(0), line(number)]
        #expect(log.verified().faults.count >= 3)
    }

    @Test func `A log without its beginning is told`() {
        var log = AuditLines.whole
        log.lines.removeFirst(2)
        #expect(log.verified().faults.first == .line(1, .noHeader))
    }

    @Test func `A log cut off within a line is told, and between lines has an open end`() {
        let whole = AuditLines.whole
        var log = whole
        log.bytes.removeLast(10)
        #expect(log.verified().faults.isEmpty)
        #expect(log.verified().cutLine == 8)
        #expect(log.verified().openEnds.map(\.lastLine) == [7])
        #expect(whole.verified().cutLine == nil)
        log = whole
        log.lines.removeLast(2)
        let verdict = log.verified()
        #expect(verdict.faults.isEmpty)
        #expect(verdict.openEnds.map(\.lastLine) == [6])
        #expect(verdict.openEnds.map(\.unsignedLineCount) == [1])
    }

    @Test func `A chain that a later header names is vouched for up to its last line`() {
        var killed = AuditLines.whole
        killed.lines.removeLast(1)
        #expect(killed.verified().openEnds.map(\.unsignedLineCount) == [2])
        #expect(killed.verified().openEnds.map(\.continuedAtLine) == [nil])
        var log = killed
        log.begin("second")
        log.end()
        let verdict = log.verified()
        #expect(verdict.faults.isEmpty)
        #expect(verdict.openEnds.map(\.lastLine) == [7])
        #expect(verdict.openEnds.map(\.unsignedLineCount) == [0])
        #expect(verdict.openEnds.map(\.continuedAtLine) == [8])
        // What is cut off of it afterwards is told.
        log.lines.remove(at: 6)
        #expect(log.verified().faults == [.line(7, .noPredecessor)])
    }

    @Test func `Whoever repairs every hash behind a change is told by the next signature`() {
        // The same log with another decision, its hashes made by somebody with another key.
        let other = AuditKey([UInt8](2...33)) ?? .random()
        var forged = AuditLines(writer: AuditWriter(signedWith: other, processID: 7))
        forged.begin()
        forged.append("one", "two", "other")
        forged.checkpoint()
        forged.end()
        #expect(forged.verified(by: nil).faults.isEmpty)
        let faults = forged.verified().faults
        #expect(faults.contains(.line(1, .otherKey)))
        #expect(faults.contains(.line(5, .badSignature)))

        // With the header of the true one, so that the key is the right one.
        var grafted = AuditLines.whole
        grafted.lines[1...4] = forged.lines[1...4]
        let found = grafted.verified().faults
        #expect(found.contains(.line(2, .changed)))
        #expect(found.contains(.line(5, .badSignature)))
    }

    @Test func `Chains follow each other and mix, and one that is missing is told`() {
        var log = AuditLines.whole
        log.begin("second")
        log.append("six")
        log.end()
        #expect(log.verified().faults.isEmpty)
        #expect(log.verified().chainCount == 2)

        // A process that takes over writes before the other has ended.
        var first = AuditLines()
        first.begin("a")
        first.append("one")
        var second = AuditLines(bytes: first.bytes)
        second.begin("b")
        let head = second.lines
        first.append("two")
        first.end()
        second.append("three")
        second.end()
        var mixed = AuditLines()
        mixed.lines = head + first.lines[2...] + second.lines[head.count...]
        #expect(mixed.verified().faults.isEmpty)
        #expect(mixed.verified().openEnds.isEmpty)
        #expect(mixed.verified().chainCount == 2)

        log.lines.removeSubrange(7...7)
        #expect(log.verified().faults == [.line(8, .noPredecessor)])
        log.lines.removeSubrange(0...6)
        #expect(log.verified().faults.isEmpty)
        #expect(log.verified().continuesOtherFile)
    }

    @Test func `A line after the end of its chain is told`() {
        var log = AuditLines.whole
        var longer = AuditLines.whole.lines
        var other = AuditLines()
        other.begin()
        other.append("1", "2", "3", "4", "5", "6", "7", "8")
        longer.append(other.lines[8])
        log.lines = longer
        #expect(log.verified().faults.contains(.line(9, .afterEnd)))
    }

    @Test func `A line is as long as it may be, and not one byte longer`() {
        let max = AuditVerifier.lineByteCountMax
        func log(detailByteCount: Int) -> AuditLines {
            var log = AuditLines()
            log.begin()
            var record = AuditLines.record("one")
            record.detail = String(repeating: "x", count: detailByteCount)
            log.writer.append(record)
            log.flush()
            log.append("two")
            log.end()
            return log
        }
        #expect(max == 262_144)
        let shortest = log(detailByteCount: 1).lines[1].utf8.count
        let longest = log(detailByteCount: 1 + max - shortest)
        #expect(longest.lines[1].utf8.count == max)
        let longer = log(detailByteCount: 2 + max - shortest)
        for pieceByteCount in [1_000, 100_000, 1_000_000] {
            let whole = longest.verified(pieceByteCount: pieceByteCount)
            #expect(whole.faults.isEmpty)
            #expect(whole.lineCount == 4)
            let verdict = longer.verified(pieceByteCount: pieceByteCount)
            #expect(verdict.faults == [.line(2, .malformed), .line(3, .gap(lineCount: 1))])
            #expect(verdict.lineCount == 4)
        }
    }

    @Test func `A chain that is cut in a line goes on in a line of its own`() {
        var log = AuditLines.whole
        log.bytes.removeLast(10)
        log.begin("second")
        log.end()
        let verdict = log.verified()
        #expect(verdict.faults == [.line(8, .malformed)])
        #expect(verdict.chainCount == 2)
    }
}
