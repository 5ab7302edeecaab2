import Martlet

/// What the verification of an audit log says.
package struct AuditReport {
    /// What was found.
    package struct Findings {
        let faults: [AuditVerifier.Fault]
        let openEnds: [AuditVerifier.OpenEnd]
        let cutLine: Int?
        let losses: [AuditVerifier.Loss]
        let lineCount: Int
        let chainCount: Int
        let recordCount: Int
        let droppedCount: Int
        let keys: [String]
        let continuesOtherFile: Bool

        package init(_ verifier: inout AuditVerifier) {
            openEnds = verifier.finish()
            faults = verifier.faults
            cutLine = verifier.cutLine
            losses = verifier.losses
            lineCount = verifier.lineCount
            chainCount = verifier.chainCount
            recordCount = verifier.recordCount
            droppedCount = verifier.droppedCount
            keys = verifier.keys
            continuesOtherFile = verifier.continuesOtherFile
        }
    }

    /// What it all amounts to.
    package enum Verdict: Hashable, Sendable {
        case intact
        /// What is there was not touched, and there may have been more.
        case possiblyTruncated
        case faulty
    }

    /// What is made of a log whose end nothing tells.
    package enum OpenEndRule: Sendable {
        case isDoubted
        /// Whoever asks knows that the server runs, or was killed.
        case isAllowed
    }

    private let findings: Findings
    private let isKeyGiven: Bool
    private let openEndRule: OpenEndRule

    package init(_ findings: Findings, isKeyGiven: Bool, openEnds rule: OpenEndRule) {
        self.findings = findings
        self.isKeyGiven = isKeyGiven
        openEndRule = rule
    }

    package var verdict: Verdict {
        guard findings.faults.isEmpty, findings.lineCount > 0 else { return .faulty }
        if findings.openEnds.isEmpty, findings.cutLine == nil { return .intact }
        return switch openEndRule {
        case .isDoubted: .possiblyTruncated
        case .isAllowed: .intact
        }
    }

    package var text: String {
        var lines = findings.faults.map { "\($0)" }
        if findings.lineCount == 0 { lines.append("the file is empty: not even a header") }
        lines += endings
        for loss in findings.losses {
            lines.append(
                """
                note: line \(loss.line) says that a disk failed: up to \(loss.lineCount) lines before \
                it may be missing on the disk
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
            \(summary): \(findings.lineCount) lines, \
            \(findings.chainCount) chains, \(findings.recordCount) decisions, \
            \(findings.droppedCount) dropped
            """
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private var summary: String {
        switch verdict {
        case .intact: "intact"
        case .possiblyTruncated: "POSSIBLY TRUNCATED"
        case .faulty: "NOT intact"
        }
    }

    /// The ends that nothing vouches for.
    private var endings: [String] {
        let prefix =
            switch openEndRule {
            case .isDoubted: ""
            case .isAllowed: "note: "
            }
        var lines = findings.openEnds.map { end in
            let before =
                if let line = end.continuedAtLine {
                    "its server was killed, or what followed was cut off before line \(line)"
                } else {
                    "its server runs or was killed, or what followed was cut off"
                }
            return """
                \(prefix)the chain of line \(end.lastLine) has no closing checkpoint: \(before); \
                \(end.unsignedLineCount) lines come after its last signature
                """
        }
        if let line = findings.cutLine {
            lines.append("\(prefix)line \(line) is cut off before its end")
        }
        return lines
    }
}
