import ArgumentParser
import Foundation
import Libuv
import Martlet

/// Finds what was changed, left out or cut off of an audit log.
package struct AuditVerifyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Find what was changed, left out or cut off of an audit log.",
        discussion: """
            Prints a line for each fault and a summary. Ends with 1 if there is any fault, and with 2 \
            if there is none and the log may have been cut off: a chain does not end with its \
            signed closing checkpoint. Without --key the keys that the file itself names are \
            believed: that shows damage, and not what somebody with a key of his own has written.
            """
    )

    @Argument(help: ArgumentHelp("The audit log.", valueName: "file"))
    var log: String

    // One key in 64 begins with a hyphen, and is no flag for that.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What `martlet audit key` prints.", valueName: "key")
    )
    var key: String?

    @Flag(
        help: """
            Accept chains without their closing checkpoint: the server still runs, or was killed.
            """
    )
    var allowOpenEnd = false

    /// Nothing is wrong with what is there, and nobody knows whether it is all.
    private static let possiblyTruncatedStatus = ExitCode(2)

    package init() {}

    package func validate() throws {
        if let key, AuditPublicKey(key) == nil {
            throw ValidationError("--key is not a public key as `martlet audit key` prints it")
        }
    }

    package func run() throws {
        do {
            let report = AuditReport(
                try verified(),
                isKeyGiven: key != nil,
                openEnds: allowOpenEnd ? .isAllowed : .isDoubted
            )
            try OutputDescriptor.standardOutput.write(report.text.utf8.span)
            switch report.verdict {
            case .intact: break
            case .possiblyTruncated: throw Self.possiblyTruncatedStatus
            case .faulty: throw ExitCode.failure
            }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func verified() throws(AuditFileUnreadable) -> AuditReport.Findings {
        guard let file = FileHandle(forReadingAtPath: log) else {
            throw AuditFileUnreadable(path: log, reason: "no such file, or permission denied")
        }
        var verifier = AuditVerifier(key: key.flatMap { AuditPublicKey($0) })
        do {
            while let block = try file.read(upToCount: 1_048_576), !block.isEmpty {
                verifier.add(Array(block))
            }
            try file.close()
        } catch {
            throw AuditFileUnreadable(path: log, reason: FileTrouble(error).reason)
        }
        return AuditReport.Findings(&verifier)
    }
}

/// An audit log that cannot be read.
struct AuditFileUnreadable: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot read \(path): \(reason)" }
}
