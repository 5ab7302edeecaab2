import ArgumentParser
import Libuv
import Martlet

/// Shows the API keys there are.
package struct APIKeyListCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the keys there are, without their secrets."
    )

    @OptionGroup(title: "Settings")
    var flags: APIKeysFlags

    package init() {}

    package func run() throws {
        do {
            let table = APIKeyTable(
                try flags.file().read(),
                nowSeconds: WallClock.secondsSinceEpoch()
            )
            try OutputDescriptor.standardOutput.write(table.text.utf8.span)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
