import ArgumentParser

/// Flags of where decisions are recorded.
struct AuditFlags: ParsableArguments {
    @Option(.auditLog, "Where decisions are recorded (default: nowhere)", "file")
    var auditLog: String?

    @Option(.auditKeyFile, "What the audit log is signed with (default: made on first use)", "file")
    var auditKeyFile: String?

    @Flag(
        name: .customLong(Setting.auditRequired.rawValue),
        help: "Refuse requests whose decision cannot be recorded."
    )
    var auditRequired = false

    @Option(.auditQueueMax, "Decisions that may wait for the disk")
    var auditQueueMax: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.auditLog, auditLog)
        flags.add(.auditKeyFile, auditKeyFile)
        flags.add(.auditRequired, auditRequired ? "true" : nil)
        flags.add(.auditQueueMax, auditQueueMax)
        return flags
    }
}
