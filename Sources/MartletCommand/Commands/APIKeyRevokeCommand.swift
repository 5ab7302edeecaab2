import ArgumentParser
import Libuv
import Martlet

/// Revokes an API key.
package struct APIKeyRevokeCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a key, which servers then refuse within a second."
    )

    @Argument(help: "The name or the id of the key.")
    var key: String

    @OptionGroup(title: "Settings")
    var flags: APIKeysFlags

    package init() {}

    package func run() throws {
        do {
            let record = try flags.file().revoke(key)
            try OutputDescriptor.standardOutput.write(
                "revoked \(record.holder.name) (\(record.id))\n".utf8.span
            )
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
