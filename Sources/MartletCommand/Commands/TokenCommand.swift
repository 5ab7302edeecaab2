import ArgumentParser

/// Tokens: made, and looked at.
package struct TokenCommand: ParsableCommand {
    /// The roles of the to-do service.
    package enum RoleName: String, CaseIterable, Sendable {
        case admin, user, readonly
    }

    package static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print a token for the server with the same settings, or inspect one.",
        subcommands: [TokenSignCommand.self, TokenInspectCommand.self],
        defaultSubcommand: TokenSignCommand.self
    )

    package init() {}
}
