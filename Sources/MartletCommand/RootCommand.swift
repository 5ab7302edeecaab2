import ArgumentParser

/// `martlet`: what is typed in a shell.
@main
package struct RootCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A secured MCP server: a to-do list for agents, behind tokens and roles.",
        discussion: """
            Settings come from flags, then the environment, then the file named by --config, then \
            defaults.
            """,
        subcommands: [
            ServeCommand.self, StdioCommand.self, TokenCommand.self, KeysCommand.self,
            PolicyCommand.self, APIKeyCommand.self, AuditCommand.self, ExportCommand.self,
            ImportCommand.self, DoctorCommand.self, VersionCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    package init() {}
}
