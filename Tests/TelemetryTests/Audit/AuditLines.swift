import Bytes
import Libuv
import Telemetry

/// An audit log in memory.
struct AuditLines {
    /// Always the same key: what is made of it can be compared.
    static let key = AuditKey([UInt8](1...32)) ?? .random()

    var writer = AuditWriter(signedWith: key, processID: 7)
    var bytes: [UInt8] = []

    /// Begins a chain after what is there.
    mutating func begin(_ id: String = "c0ffee") {
        writer.begin(after: AuditFileEnd(tail: bytes), id: id, atMilliseconds: 1_000)
        flush()
    }

    mutating func append(_ names: String...) {
        for name in names {
            writer.append(Self.record(name))
            flush()
        }
    }

    mutating func checkpoint() {
        while !writer.tick(atMilliseconds: 2_000) {}
        flush()
    }

    mutating func end() {
        writer.end(atMilliseconds: 3_000)
        flush()
    }

    mutating func flush() {
        var taken: [UInt8] = []
        writer.flush { bytes in
            for index in bytes.indices { taken.append(bytes[index]) }
            return bytes.count
        }
        bytes += taken
    }

    static func record(_ name: String) -> AuditRecord {
        var record = AuditRecord(milliseconds: 1_500)
        record.issuer = "https://issuer.example"
        record.subject = "ada"
        record.workspace = "default"
        record.method = "tools/call"
        record.name = name
        record.peer = .address(PeerAddress(high: 0, low: 0xFFFF_7F00_0001))
        return record
    }

    /// A header, three records, a checkpoint, two records, the end.
    static var whole: AuditLines {
        var lines = AuditLines()
        lines.begin()
        lines.append("one", "two", "three")
        lines.checkpoint()
        lines.append("four", "five")
        lines.end()
        return lines
    }

    var lines: [String] {
        get { String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) }
        set { bytes = Array(newValue.map { $0 + "\n" }.joined().utf8) }
    }

    /// What the verifier says.
    func verified(by key: AuditPublicKey? = key.publicHalf, pieceByteCount: Int = 1_000) -> Verdict
    {
        var verifier = AuditVerifier(key: key)
        var rest = bytes[...]
        while !rest.isEmpty {
            verifier.add(Array(rest.prefix(pieceByteCount)))
            rest = rest.dropFirst(pieceByteCount)
        }
        let openEnds = verifier.finish()
        return Verdict(
            faults: verifier.faults,
            openEnds: openEnds,
            cutLine: verifier.cutLine,
            losses: verifier.losses,
            lineCount: verifier.lineCount,
            chainCount: verifier.chainCount,
            recordCount: verifier.recordCount,
            droppedCount: verifier.droppedCount,
            continuesOtherFile: verifier.continuesOtherFile
        )
    }

    struct Verdict {
        let faults: [AuditVerifier.Fault]
        let openEnds: [AuditVerifier.OpenEnd]
        let cutLine: Int?
        let losses: [AuditVerifier.Loss]
        let lineCount: Int
        let chainCount: Int
        let recordCount: Int
        let droppedCount: Int
        let continuesOtherFile: Bool
    }
}

extension AuditVerifier.Fault {
    static func line(_ line: Int, _ reason: Reason) -> AuditVerifier.Fault {
        AuditVerifier.Fault(line: line, reason: reason)
    }
}
