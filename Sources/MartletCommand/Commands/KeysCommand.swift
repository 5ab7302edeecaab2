import ArgumentParser

/// Private keys: made, replaced and shown to others as their public halves.
package struct KeysCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, rotate and export the keys that tokens are signed with.",
        discussion: """
            Private keys are kept in a JWK Set for their owner only, by default signing-keys.json \
            in the state directory. The first key signs; keys that were replaced stay, without \
            their private halves, until the tokens they signed have expired.
            """,
        subcommands: [
            KeysGenerateCommand.self, KeysRotateCommand.self, KeysExportCommand.self,
            KeysSealCommand.self,
        ]
    )

    package init() {}
}
