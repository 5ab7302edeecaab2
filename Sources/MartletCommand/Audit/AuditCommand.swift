import ArgumentParser

/// What is done with audit logs.
package struct AuditCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Verify audit logs; show what they are verified with.",
        subcommands: [AuditVerifyCommand.self, AuditKeyCommand.self]
    )

    package init() {}
}
