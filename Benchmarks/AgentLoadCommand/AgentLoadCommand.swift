import ArgumentParser

/// `agentload`: what is typed in a shell.
@main
struct AgentLoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentload",
        abstract: "Loads an MCP server with simulated agents, and measures what they see.",
        discussion: """
            Agents have tokens, roles and connections that stay open; they speak either era of \
            the protocol. Every answer is checked; what is refused or fails is counted by its kind.
            """,
        subcommands: [
            RunCommand.self, FindLimitCommand.self, CompareCommand.self, ReportCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}
