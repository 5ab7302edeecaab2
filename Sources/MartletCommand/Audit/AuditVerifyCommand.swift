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
            Prints a line for each fault and a summary. Ends with 1 if there is any fault. Without \
            --key the keys that the file itself names are believed: that shows damage, and not \
            what somebody with a key of his own has written.
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

    @Flag(help: "Count it as a fault if a chain does not end with its closing checkpoint.")
    var complete = false

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
                mustBeComplete: complete
            )
            try OutputDescriptor.standardOutput.write(report.text.utf8.span)
            if report.hasFault { throw ExitCode.failure }
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
