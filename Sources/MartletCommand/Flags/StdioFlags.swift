import ArgumentParser

/// Flags of serving one client over standard input, besides where things are.
struct StdioFlags: ParsableArguments {
    @OptionGroup
    var protocols: ProtocolFlags

    @Option(.clockSkewSeconds, "Tolerance for clocks that differ, in seconds")
    var clockSkewSeconds: String?

    @Option(.policyFile, "Roles, scopes and rules (default: the built-in roles)", "file")
    var policyFile: String?

    @Option(.shadowPolicyFile, "A policy to try out: differences are logged", "file")
    var shadowPolicyFile: String?

    @Option(.denyListFile, "Whose tokens are refused although they verify", "file")
    var denyListFile: String?

    @Option(.apiKeysFile, "Keys that the one in the environment may be one of", "file")
    var apiKeysFile: String?

    @OptionGroup
    var databases: DatabaseFlags

    @Option(.sealKeyFile, "What states are sealed with (default: made on first use)", "file")
    var sealKeyFile: String?

    @Option(.accessLog, "none, text or json, on standard error (default: none)", "format")
    var accessLog: String?

    @Option(.logLevel, "trace, debug, info, notice, warning, error (default: info)", "level")
    var logLevel: String?

    @OptionGroup
    var auditing: AuditFlags

    @Option(.requestsPerSubject, "Requests a second; 0 is no limit")
    var requestsPerSubject: String?

    @Option(.requestsPerSubjectBurst, "Requests at once after a pause")
    var requestsPerSubjectBurst: String?

    @Option(.bodyMax, "Bytes of a line")
    var bodyMax: String?

    @Option(.sendQueueMax, "Bytes that may wait to be written before reading pauses")
    var sendQueueMax: String?

    @Option(.toolCallSeconds, "Seconds for a tool to answer")
    var toolCallSeconds: String?

    @Option(.drainSeconds, "Seconds for open requests to finish at the end")
    var drainSeconds: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.clockSkewSeconds, clockSkewSeconds)
        flags.add(.policyFile, policyFile)
        flags.add(.shadowPolicyFile, shadowPolicyFile)
        flags.add(.denyListFile, denyListFile)
        flags.add(.apiKeysFile, apiKeysFile)
        flags.add(.sealKeyFile, sealKeyFile)
        flags.add(.accessLog, accessLog)
        flags.add(.logLevel, logLevel)
        flags.add(.requestsPerSubject, requestsPerSubject)
        flags.add(.requestsPerSubjectBurst, requestsPerSubjectBurst)
        flags.add(.bodyMax, bodyMax)
        flags.add(.sendQueueMax, sendQueueMax)
        flags.add(.toolCallSeconds, toolCallSeconds)
        flags.add(.drainSeconds, drainSeconds)
        return flags.merging(protocols.given) { _, new in new }
            .merging(databases.given) { _, new in new }
            .merging(auditing.given) { _, new in new }
    }
}
