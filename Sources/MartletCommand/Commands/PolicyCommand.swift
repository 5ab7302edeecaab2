import ArgumentParser

/// What may whom, and why.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Explain and test what the policy decides.",
        discussion: """
            Settings are read as `serve` reads them, so that environment, configuration file and \
            state directory must be the same. docs/Policy.md describes the policy file.
            """,
        subcommands: [PolicyExplainCommand.self, PolicyTestCommand.self]
    )
}
