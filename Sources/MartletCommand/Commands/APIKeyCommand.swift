import ArgumentParser

/// Makes, lists and revokes API keys.
struct APIKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apikey",
        abstract: "Make, list and revoke API keys for services that cannot get tokens.",
        discussion: """
            A server that is told of the same file (--api-keys-file) accepts a key in X-API-Key \
            from the second after it is made, and no longer than a second after it is revoked.
            """,
        subcommands: [
            APIKeyCreateCommand.self, APIKeyListCommand.self, APIKeyRevokeCommand.self,
        ]
    )
}
