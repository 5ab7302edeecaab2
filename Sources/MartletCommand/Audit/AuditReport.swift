import Martlet

/// What the verification of an audit log says.
package struct AuditReport {
    /// What was found.
    package struct Findings {
        let faults: [AuditVerifier.Fault]
        let openEnds: [AuditVerifier.OpenEnd]
        let lineCount: Int
        let chainCount: Int
        let recordCount: Int
        let droppedCount: Int
        let keys: [String]
        let continuesOtherFile: Bool

        package init(_ verifier: inout AuditVerifier) {
            openEnds = verifier.finish()
            faults = verifier.faults
            lineCount = verifier.lineCount
            chainCount = verifier.chainCount
            recordCount = verifier.recordCount
            droppedCount = verifier.droppedCount
            keys = verifier.keys
            continuesOtherFile = verifier.continuesOtherFile
        }
    }

    private let findings: Findings
    private let isKeyGiven: Bool
    private let mustBeComplete: Bool

    package init(_ findings: Findings, isKeyGiven: Bool, mustBeComplete: Bool) {
        self.findings = findings
        self.isKeyGiven = isKeyGiven
        self.mustBeComplete = mustBeComplete
    }

    package var hasFault: Bool {
        !findings.faults.isEmpty || findings.lineCount == 0
            || (mustBeComplete && !findings.openEnds.isEmpty)
    }

    package var text: String {
        var lines = findings.faults.map { "\($0)" }
        if findings.lineCount == 0 { lines.append("the file is empty: not even a header") }
        for end in findings.openEnds {
            lines.append(
                """
                \(mustBeComplete ? "" : "note: ")the chain of line \(end.lastLine) has no closing \
                checkpoint: its server runs or was killed, or what followed was cut off; \
                \(end.unsignedLineCount) lines come after its last signature
                """
            )
        }
        if findings.continuesOtherFile {
            lines.append("note: the first chain continues another file, whose last hash it names")
        }
        if !isKeyGiven, !findings.keys.isEmpty {
            let keys = findings.keys.joined(separator: ", ")
            lines.append("note: believed without --key: \(keys)")
        }
        lines.append(
            """
            \(hasFault ? "NOT intact" : "intact"): \(findings.lineCount) lines, \
            \(findings.chainCount) chains, \(findings.recordCount) decisions, \
            \(findings.droppedCount) dropped
            """
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
