import ArgumentParser

/// Flags of the commands that decide without serving, beside those of place and tokens.
struct PolicyFlags: ParsableArguments {
    @Option(.policyFile, "Roles, scopes and rules (default: the built-in roles)", "file")
    var policyFile: String?

    @Option(.clockSkewSeconds, "Tolerance for clocks that differ, in seconds")
    var clockSkewSeconds: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.policyFile, policyFile)
        flags.add(.clockSkewSeconds, clockSkewSeconds)
        return flags
    }
}
